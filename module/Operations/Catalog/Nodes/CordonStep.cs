using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Nodes;

/// <summary>Marks a node as unschedulable, and writes on it who did.</summary>
internal sealed record CordonStep(string Node) : Step
{
    /// <summary>The operation that cordoned the node; an evacuated zone is returned to by it.</summary>
    public const string Annotation = "ha-cluster/cordoned-by";

    public override string Id => $"cordon/{Node}";

    public override string Title => $"Cordon node {Node}";

    public override string Subject => $"node/{Node}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(1);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var node = await context.Kubernetes.FindAsync(Kinds.Nodes, null, Node, cancellationToken);
        if (node is null)
            return StepCheck.Done(Facts(), "the node is gone");
        return StepCheck.DoneIf(node.IsCordoned(), Facts(("cordoned", node.IsCordoned() ? "yes" : "no")), "it is cordoned");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) =>
        SetAsync(context, Node, cordoned: true, context.OperationId, cancellationToken);

    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        var node = await context.Kubernetes.FindAsync(Kinds.Nodes, null, Node, cancellationToken);
        if (node?.Annotation(Annotation) == context.OperationId)
            await SetAsync(context, Node, cordoned: false, by: null, cancellationToken);
    }

    internal static Task SetAsync(StepContext context, string node, bool cordoned, string? by, CancellationToken cancellationToken) => context.Kubernetes.PatchAsync(
        Kinds.Nodes, null, node, new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotation] = by } },
            ["spec"] = new JsonObject { ["unschedulable"] = cordoned ? true : null },
        }, cancellationToken);
}

/// <summary>Makes a node schedulable again, once it is ready.</summary>
/// <param name="Timeout">How long it may take to be ready.</param>
internal sealed record UncordonStep(string Node, TimeSpan Timeout) : Step
{
    public override string Id => $"uncordon/{Node}";

    public override string Title => $"Uncordon node {Node}";

    public override string Subject => $"node/{Node}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(1);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var node = await context.Kubernetes.FindAsync(Kinds.Nodes, null, Node, cancellationToken);
        if (node is null)
            return StepCheck.Done(Facts(), "the node is gone");
        var found = Facts(("cordoned", node.IsCordoned() ? "yes" : "no"), (".by", node.Annotation(CordonStep.Annotation) ?? ""));
        return StepCheck.DoneIf(!node.IsCordoned() && !FenceStep.IsFenced(node), found, "it is not cordoned");
    }

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token =>
            await context.Kubernetes.FindAsync(Kinds.Nodes, null, Node, token) is { } node && !node.IsReady() ? $"node {Node} is not ready" : null, cancellationToken);
        if (await context.Kubernetes.FindAsync(Kinds.Nodes, null, Node, cancellationToken) is not { } present)
            return;
        await FenceStep.LiftAsync(context, present, cancellationToken);
        await CordonStep.SetAsync(context, Node, cordoned: false, by: null, cancellationToken);
    }

    public override Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken) =>
        before.TryGetValue("cordoned", out var cordoned) && cordoned == "yes"
            ? CordonStep.SetAsync(context, Node, cordoned: true, before.GetValueOrDefault(".by") is { Length: > 0 } by ? by : null, cancellationToken)
            : Task.CompletedTask;
}
