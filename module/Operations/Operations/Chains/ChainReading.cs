using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Chains;

/// <summary>A chain node: a pod of a StatefulSet (infra/Stack/Chains) and its siblings.</summary>
/// <param name="Siblings">Other nodes of the same chain, in all of its sets.</param>
internal sealed record ChainReading(V1StatefulSet Set, int Ordinal, V1Pod? Pod, IReadOnlyList<V1Pod> Siblings)
{
    private const string ChainLabel = "ha-cluster/chain";

    /// <summary>The set and the node that the name of a pod stands for; the pod itself may be missing.</summary>
    public static async Task<(ChainReading? Reading, Refusal? Refusal)> FindAsync(StepContext context, string @namespace, string pod, CancellationToken cancellationToken)
    {
        var sets = (await context.Kubernetes.ListAsync(Kinds.StatefulSets, ListScope.In(@namespace), cancellationToken)).Items;
        var pods = (await context.Kubernetes.ListAsync(Kinds.Pods, ListScope.In(@namespace), cancellationToken)).Items;
        var dash = pod.LastIndexOf('-');
        var set = dash > 0 && int.TryParse(pod.AsSpan(dash + 1), out var ordinal) ? sets.FirstOrDefault(set => set.Metadata.Name == pod[..dash]) : null;
        if (set is null)
        {
            var names = pods.Where(other => Drainage.Owner(other)?.Kind == "StatefulSet").Select(other => other.Metadata.Name).Order(StringComparer.Ordinal).ToList();
            return (null, new Refusal
            {
                Code = "ChainNodeUnknown", Kind = FailureKind.NotFound, Reason = $"there is no chain node {@namespace}/{pod}", Advice = names.Count == 0 ? $"Namespace {@namespace} has none" : $"There are {string.Join(", ", names)}",
            });
        }
        var chain = ChainOf(set.Spec.Template.Metadata?.Labels);
        return (new ChainReading(
            set,
            int.Parse(pod.AsSpan(dash + 1), System.Globalization.CultureInfo.InvariantCulture),
            pods.FirstOrDefault(other => other.Metadata.Name == pod),
            [.. pods.Where(other => other.Metadata.Name != pod && Drainage.Owner(other)?.Kind == "StatefulSet" && (chain is null ? Drainage.Owner(other)!.Name == set.Metadata.Name : ChainOf(other.Metadata.Labels) == chain))]), null);
    }

    /// <summary>Nobody serves the chain while the node is away, or only one does.</summary>
    public IEnumerable<Refusal> AgainstTaking(string name)
    {
        var ready = Siblings.Count(Drainage.IsReady);
        if (Pod is not null && ready < Math.Min(2, Siblings.Count) || ready == 0)
        {
            yield return new Refusal
            {
                Code = "ChainNodesFew", Pod = Siblings.FirstOrDefault(sibling => !Drainage.IsReady(sibling)) is { } sibling ? Drainage.NameOf(sibling) : null, Forceable = true,
                Reason = $"without {name} only {ready} of {Siblings.Count} other nodes of its chain serve",
                Advice = "Wait until the others are ready (Get-HaChain); -Force overrules",
            };
        }
    }

    private static string? ChainOf(IDictionary<string, string>? labels) => labels?.TryGetValue(ChainLabel, out var chain) == true ? chain : null;
}
