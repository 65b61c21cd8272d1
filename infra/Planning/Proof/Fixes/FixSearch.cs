using System.Collections.Immutable;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>
/// Finds the first candidate, smallest first, that removes the violation without adding a new one when the cluster is proved again. Settings are then
/// verified with the
/// program afterwards: <see cref="FixVerification"/>.
/// </summary>
internal sealed class FixSearch(ClusterModel model, ProofOptions options, ImmutableArray<Violation> violations, CancellationToken timeIsUp)
{
    private readonly HashSet<(Subject, Cause)> _known = [.. violations.Select(violation => violation.Key)];

    /// <summary>The fix found for one violation: a change of the cluster, a lower objective that it meets, or neither.</summary>
    public Found Of(Violation violation)
    {
        Tried?[] found = [First(violation, FixCandidates.Of(violation, model, options, IsGone)), First(violation, FixCandidates.Accepting(violation, model))];
        return new Found([.. found.OfType<Tried>()], timeIsUp.IsCancellationRequested);

        bool IsGone(ClusterModel changed) =>
            Prover.Attempt(changed, options, violation.Scenario.Class, onlyFirst: true, timeIsUp).All(left => left.Key != violation.Key) && !timeIsUp.IsCancellationRequested;
    }

    /// <summary>Merges equal fixes, and drops a fix that is covered by another with larger values for the same settings.</summary>
    public ImmutableArray<Fix> Group(IEnumerable<Found> found)
    {
        var distinct = found.SelectMany(one => one.Fixes).DistinctBy(one => one.Fix.Id).Select(one => one.Fix with
        {
            Violations = [.. Enumerable.Range(1, violations.Length).Where(number => !one.Left.Contains(violations[number - 1].Key))],
        }).ToList();
        return
        [
            .. distinct.Where(fix => !distinct.Any(other => IsPartOf(fix, other)))
                .OrderBy(fix => fix.Kind == FixKind.Accept).ThenBy(fix => fix.Violations.Min())
                .Select((fix, index) => fix with { Number = index + 1 }),
        ];
    }

    private static bool IsPartOf(Fix fix, Fix other) => fix.Id != other.Id && fix.Kind == other.Kind && fix.Object == other.Object
        && fix.Edits.Select(edit => edit.Key).All(other.Edits.Select(edit => edit.Key).Contains)
        && fix.Violations.All(other.Violations.Contains) && other.Violations.Length > fix.Violations.Length;

    private Tried? First(Violation violation, IEnumerable<Candidate> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (timeIsUp.IsCancellationRequested)
                return null;
            var left = new HashSet<(Subject, Cause)>();
            var revealed = new HashSet<(Subject, Cause)>();
            var isWorse = false;
            foreach (var one in Prover.Attempt(candidate.Model, options, violation.Scenario.Class, onlyFirst: false, timeIsUp))
            {
                var isRevealed = violation.MayHide(one) && !_known.Contains(one.Key);
                isWorse = one.Key == violation.Key || !(isRevealed || _known.Contains(one.Key));
                if (isWorse)
                    break;
                (isRevealed ? revealed : left).Add(one.Key);
            }

            if (!isWorse && !timeIsUp.IsCancellationRequested)
                return new Tried(candidate.Fix with { IsVerified = candidate.Fix.Kind == FixKind.Manifest, Reveals = revealed.Count }, left);
        }

        return null;
    }

    /// <param name="Left">Violations that remain with it.</param>
    internal sealed record Tried(Fix Fix, HashSet<(Subject, Cause)> Left);

    internal sealed record Found(ImmutableArray<Tried> Fixes, bool IsCutShort);
}
