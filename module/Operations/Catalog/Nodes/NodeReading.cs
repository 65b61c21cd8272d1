using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Nodes;

/// <summary>What operations ask of nodes.</summary>
internal static class NodeReading
{
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    public static string Zone(this V1Node node) => node.Metadata.Labels?.TryGetValue(ZoneLabel, out var zone) == true ? zone : "";

    public static bool IsReady(this V1Node node) => node.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    public static bool IsCordoned(this V1Node node) => node.Spec?.Unschedulable == true;

    /// <summary>Of <c>aws:///eu-central-1a/i-0abc</c>; empty for a node that is no EC2 instance.</summary>
    public static string InstanceId(this V1Node node) =>
        node.Spec?.ProviderID is { } id && id.StartsWith("aws://", StringComparison.Ordinal) ? id[(id.LastIndexOf('/') + 1)..] : "";

    public static string? Annotation(this V1Node node, string name) => node.Metadata.Annotations?.TryGetValue(name, out var value) == true ? value : null;

    public static async Task<V1Node> NodeAsync(this StepContext context, string name, CancellationToken cancellationToken) =>
        await context.Kubernetes.FindAsync(Kubernetes.Kinds.Nodes, null, name, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, "GET nodes", $"node/{name}", "there is no such node", "Get-HaNode lists them");

    public static async Task<IReadOnlyList<V1Node>> NodesAsync(this StepContext context, CancellationToken cancellationToken) =>
        (await context.Kubernetes.ListAsync(Kubernetes.Kinds.Nodes, Kubernetes.ListScope.All, cancellationToken)).Items;

    /// <summary>A refusal when there is no such node.</summary>
    public static async Task<Refusal?> RefuseUnknownAsync(this StepContext context, string name, CancellationToken cancellationToken)
    {
        if (await context.Kubernetes.FindAsync(Kubernetes.Kinds.Nodes, null, name, cancellationToken) is not null)
            return null;
        var names = (await context.NodesAsync(cancellationToken)).Select(node => node.Metadata.Name).Order(StringComparer.Ordinal);
        return new Refusal
        {
            Code = "NodeUnknown",
            Kind = FailureKind.NotFound,
            Reason = $"node {name} does not exist",
            Advice = Advice.Available(names, "The cluster has no node"),
        };
    }
}
