using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Chains;

/// <summary>Takes one chain node out of service and keeps its volume, or puts it back.</summary>
/// <param name="Pod">The pod of the chain node: the first or the last of its set, since a StatefulSet has no gaps.</param>
/// <param name="Resume">Whether to put it back.</param>
public sealed record SuspendChainReplica(string Pod, bool Resume = false, string Namespace = "chains") : OperationRequest
{
    public override string Command => "Suspend-HaChainReplica";

    public override string Target => $"chain node {Namespace}/{Pod}{(Resume ? " (put it back)" : "")}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (found, refusal) = await ChainReading.FindAsync(context, Namespace, Pod, cancellationToken);
        if (found is null)
            return Draft.Refused(refusal!);
        var start = found.Set.Spec.Ordinals?.Start ?? 0;
        var count = found.Set.Spec.Replicas ?? 1;
        var isThere = found.Ordinal >= start && found.Ordinal < start + count;
        (int Start, int Count)? range = Resume
            ? isThere ? (start, count) : found.Ordinal == start - 1 ? (start - 1, count + 1) : found.Ordinal == start + count ? (start, count + 1) : null
            : !isThere ? (start, count) : found.Ordinal == start + count - 1 ? (start, count - 1) : found.Ordinal == start ? (start + 1, count - 1) : null;
        if (range is null)
        {
            return Draft.Refused(new Refusal
            {
                Code = "NotAtTheEnd",
                Kind = FailureKind.InvalidInput,
                Reason = $"{Pod} is not at an end of {found.Set.Metadata.Name} ({found.Set.Metadata.Name}-{start} to {found.Set.Metadata.Name}-{start + count - 1}), and a StatefulSet has no gaps",
                Advice = $"{(Resume ? "Put back" : "Take away")} a node at an end, or recreate this one (Restore-HaChainReplica -Pod {Pod})",
            });
        }
        return new Draft(Resume ? $"Put {Pod} back" : $"Take {Pod} out of service, keep its volume", [new RangeStep(Namespace, found.Set.Metadata.Name, Pod, range.Value.Start, range.Value.Count, Resume)])
        {
            Refusals = Resume || !isThere ? [] : [.. found.AgainstTaking(Pod)],
            Warnings = Resume ? [] : ["the next pulumi up puts it back"],
        };
    }
}

/// <summary>Sets which ordinals of a StatefulSet run. Claims are kept.</summary>
internal sealed record RangeStep(string Namespace, string Set, string Pod, int Start, int Count, bool Appears) : Step
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    public override string Id => $"range/{Namespace}/{Set}";

    public override string Title => Appears ? $"Start {Pod}" : $"Stop {Pod}";

    public override string Subject => $"statefulset/{Namespace}/{Set}";

    public override TimeSpan Expected => TimeSpan.FromMinutes(1);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var set = await context.Kubernetes.FindAsync(Kinds.StatefulSets, Namespace, Set, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, "GET statefulsets", $"{Namespace}/{Set}", "there is no such set", "Get-HaChain lists chain nodes");
        var found = Facts(("first", Text(set.Spec.Ordinals?.Start ?? 0)), ("replicas", Text(set.Spec.Replicas ?? 1)));
        if ((set.Spec.Ordinals?.Start ?? 0, set.Spec.Replicas ?? 1) != (Start, Count))
            return StepCheck.ToDo(found);
        return await MissingAsync(context, cancellationToken) is { } missing ? StepCheck.UnderWay(found, missing) : StepCheck.Done(found, Appears ? "it is running" : "it is stopped");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => SetAsync(context, Start, Count, cancellationToken);

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Limit, token => MissingAsync(context, token), cancellationToken);
        return Facts(("first", Text(Start)), ("replicas", Text(Count)));
    }

    public override Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken) =>
        SetAsync(context, int.Parse(before["first"], CultureInfo.InvariantCulture), int.Parse(before["replicas"], CultureInfo.InvariantCulture), cancellationToken);

    private async Task SetAsync(StepContext context, int start, int count, CancellationToken cancellationToken) => await context.Kubernetes.PatchAsync(
        Kinds.StatefulSets, Namespace, Set,
        new JsonObject { ["spec"] = new JsonObject { ["replicas"] = count, ["ordinals"] = start == 0 ? null : new JsonObject { ["start"] = start } } }, cancellationToken);

    /// <summary>A node that comes back may catch up for hours: that it runs is enough, its front waits for its head.</summary>
    private async Task<string?> MissingAsync(StepContext context, CancellationToken cancellationToken)
    {
        var pod = await context.Kubernetes.FindAsync(Kinds.Pods, Namespace, Pod, cancellationToken);
        return Appears ? pod?.Status?.Phase == "Running" ? null : $"{Pod} is not running yet" : pod is null ? null : $"{Pod} still exists";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
