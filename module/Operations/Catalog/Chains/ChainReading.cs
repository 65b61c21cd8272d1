using System.Globalization;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Chains;

/// <summary>A chain node: a pod of a StatefulSet (infra/Stack/Chains) and its siblings.</summary>
/// <param name="Siblings">Other nodes of the same chain, in all of its sets.</param>
/// <param name="Suspended">How many more there are by their claims, which a suspended node keeps.</param>
internal sealed record ChainReading(V1StatefulSet Set, int Ordinal, V1Pod? Pod, IReadOnlyList<V1Pod> Siblings, int Suspended)
{
    private const string ChainLabel = "ha-cluster/chain";

    /// <summary>Ordinals behind the last of a set that are looked at.</summary>
    private const int MostSuspended = 20;

    /// <summary>The set and the node that the name of a pod stands for; the pod itself may be missing.</summary>
    public static async Task<(ChainReading? Reading, Refusal? Refusal)> FindAsync(StepContext context, string @namespace, string pod, CancellationToken cancellationToken)
    {
        var sets = (await context.Kubernetes.ListAsync(Kinds.StatefulSets, ListScope.In(@namespace), cancellationToken)).Items;
        var pods = (await context.Kubernetes.ListAsync(Kinds.Pods, ListScope.In(@namespace), cancellationToken)).Items;
        var dash = pod.LastIndexOf('-');
        var set = dash > 0 && int.TryParse(pod.AsSpan(dash + 1), CultureInfo.InvariantCulture, out var ordinal) ? sets.FirstOrDefault(set => set.Metadata.Name == pod[..dash]) : null;
        if (set is null)
        {
            var names = pods.Where(other => Drainage.Owner(other)?.Kind == "StatefulSet").Select(other => other.Metadata.Name).Order(StringComparer.Ordinal);
            return (null, new Refusal
            {
                Code = "ChainNodeUnknown",
                Kind = FailureKind.NotFound,
                Reason = $"there is no chain node {@namespace}/{pod}",
                Advice = Advice.Available(names, $"Namespace {@namespace} has none"),
            });
        }
        var chain = ChainOf(set.Spec.Template.Metadata?.Labels);
        var claims = (await context.Kubernetes.ListAsync(Kinds.PersistentVolumeClaims, ListScope.In(@namespace), cancellationToken)).Items.Select(claim => claim.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        var ofChain = sets.Where(other => chain is null ? other == set : ChainOf(other.Spec.Template.Metadata?.Labels) == chain);
        return (new ChainReading(
            set,
            int.Parse(pod.AsSpan(dash + 1), CultureInfo.InvariantCulture),
            pods.FirstOrDefault(other => other.Metadata.Name == pod),
            [.. pods.Where(other => other.Metadata.Name != pod && Drainage.Owner(other)?.Kind == "StatefulSet" && (chain is null ? Drainage.Owner(other)!.Name == set.Metadata.Name : ChainOf(other.Metadata.Labels) == chain))],
            ofChain.Sum(other => SuspendedIn(other, claims, except: pod))), null);
    }

    private static int SuspendedIn(V1StatefulSet set, HashSet<string> claims, string except)
    {
        var (start, count) = (set.Spec.Ordinals?.Start ?? 0, set.Spec.Replicas ?? 1);
        var beyond = Enumerable.Range(0, start).Concat(Enumerable.Range(start + count, MostSuspended)).Select(ordinal => $"{set.Metadata.Name}-{ordinal}").Where(name => name != except);
        return beyond.Count(name => (set.Spec.VolumeClaimTemplates ?? []).Any(template => claims.Contains($"{template.Metadata.Name}-{name}")));
    }

    /// <summary>Nobody serves the chain while the node is away, or only one does.</summary>
    public IEnumerable<Refusal> AgainstTaking(string name)
    {
        var ready = Siblings.Count(Drainage.IsReady);
        if (Pod is not null && ready < Math.Min(2, Siblings.Count + Suspended) || ready == 0)
        {
            yield return new Refusal
            {
                Code = "ChainNodesFew",
                Pod = Siblings.FirstOrDefault(sibling => !Drainage.IsReady(sibling)) is { } sibling ? Drainage.NameOf(sibling) : null,
                Forceable = true,
                Reason = $"without {name} only {ready} of {Siblings.Count + Suspended} other nodes of its chain serve",
                Advice = "Wait until the others are ready (Get-HaChain), or put a suspended one back (Suspend-HaChainReplica -Resume); -Force overrides this",
            };
        }
    }

    private static string? ChainOf(IDictionary<string, string>? labels) => labels?.TryGetValue(ChainLabel, out var chain) == true ? chain : null;
}
