using System.Collections.Concurrent;
using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// How many replicas one domain (a zone) may hold at worst when a rolling update is over. A spread rule also counts old pods, unless
/// it distinguishes revisions with <c>matchLabelKeys</c>
/// (https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#spread-constraint-definition): while they exist, new
/// ones may be placed in a domain that is too full after they have ended. Which pods end first, and which allowed domain a new pod gets, is not
/// determined by the rule, so every order is tried.
/// </summary>
public static class ReleaseSeparation
{
    /// <summary>Above these limits there are too many orders; the largest excess below them is used.</summary>
    private const int MostReplicas = 12;
    private const int MostDomains = 4;

    private static readonly ConcurrentDictionary<Question, int> Answers = new();

    /// <param name="fresh">The separation of pods that are created all at once, as <see cref="Separation.Of"/> has it.</param>
    /// <param name="domains">Domains that the pods of the workload may run in.</param>
    public static int AtWorst(Workload workload, string topologyKey, int domains, Separation fresh)
    {
        var rules = workload.Pods.Spread
            .Where(spread => spread.IsRequired && spread.TopologyKey == topologyKey && spread.Selector?.Matches(workload.Pods.Labels) == true)
            .Select(spread => new Rule(spread.MaxSkew, domains < spread.MinDomains, CountsOld(spread, workload))).ToImmutableArray();
        // If all old pods end first, none is left to be counted.
        if (domains < 2 || fresh.AtWorst <= 1 && rules.IsEmpty || !rules.Any(rule => rule.CountsOld) || workload.MaxUnavailable >= workload.Replicas)
            return fresh.AtWorst;
        var isSmall = workload.Replicas <= MostReplicas && domains <= MostDomains;
        return isSmall
            ? Math.Max(fresh.AtWorst, Answers.GetOrAdd(Question.Of(workload, rules, domains), question => new Search(question, rules).Worst()))
            : Math.Min(workload.Replicas, fresh.AtWorst + rules.Max(rule => rule.MaxSkew));
    }

    private static bool CountsOld(TopologySpread spread, Workload workload) =>
        PodFactory.RevisionLabel(workload.Kind) is not { } label || !spread.MatchLabelKeys.Contains(label);

    /// <summary>The cache key: many workloads have the same answer.</summary>
    private sealed record Question(int Replicas, int MaxSurge, int MaxUnavailable, int Domains, string Rules)
    {
        // Kubernetes does not let both be zero.
        public static Question Of(Workload workload, ImmutableArray<Rule> rules, int domains) => new(
            workload.Replicas, workload.MaxSurge, workload is { MaxSurge: 0, MaxUnavailable: 0 } ? 1 : workload.MaxUnavailable, domains, string.Join(' ', rules));
    }

    private readonly record struct Rule(int MaxSkew, bool LacksDomains, bool CountsOld);

    /// <summary>Old and new pods of one domain.</summary>
    private readonly record struct Share(int Old, int New);

    private sealed class Search(Question question, ImmutableArray<Rule> rules)
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private int _worst;

        public int Worst()
        {
            foreach (var start in Starts([], question.Replicas))
                Visit(start);
            return _worst;
        }

        /// <summary>Possible spreads before the update: those of pods created all at once.</summary>
        private IEnumerable<Share[]> Starts(ImmutableArray<int> filled, int left)
        {
            if (filled.Length == question.Domains)
            {
                var skew = filled[0] - filled[^1];
                return left == 0 && rules.All(rule => (rule.LacksDomains ? filled[0] : skew) <= rule.MaxSkew)
                    ? [[.. filled.Select(count => new Share(count, 0))]]
                    : [];
            }

            var most = filled.IsEmpty ? left : Math.Min(left, filled[^1]);
            return Enumerable.Range(0, most + 1).SelectMany(count => Starts(filled.Add(count), left - count));
        }

        private void Visit(Share[] shares)
        {
            // Domains are interchangeable, so counts are sorted.
            Array.Sort(shares, (one, other) => (other.Old, other.New).CompareTo((one.Old, one.New)));
            if (!_seen.Add(string.Join(' ', shares.Select(share => $"{share.Old}/{share.New}"))))
                return;
            var (old, @new) = (shares.Sum(share => share.Old), shares.Sum(share => share.New));
            if (old == 0 && @new == question.Replicas)
                _worst = Math.Max(_worst, shares.Max(share => share.New));
            for (var at = 0; at < shares.Length; at++)
            {
                if (@new < question.Replicas && old + @new < question.Replicas + question.MaxSurge && MayCome(shares, at))
                    Visit(With(shares, at, shares[at] with { New = shares[at].New + 1 }));
                if (shares[at].Old > 0 && old + @new > question.Replicas - question.MaxUnavailable)
                    Visit(With(shares, at, shares[at] with { Old = shares[at].Old - 1 }));
            }
        }

        private bool MayCome(Share[] shares, int at) => rules.All(rule =>
        {
            var fewest = rule.LacksDomains ? 0 : shares.Min(share => Counted(rule, share));
            return Counted(rule, shares[at]) + 1 - fewest <= rule.MaxSkew;
        });

        private static int Counted(Rule rule, Share share) => share.New + (rule.CountsOld ? share.Old : 0);

        private static Share[] With(Share[] shares, int at, Share changed)
        {
            Share[] copy = [.. shares];
            copy[at] = changed;
            return copy;
        }
    }
}
