using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using HaCluster.Planning;
using k8s.Models;

namespace HaCluster.Operations.Nodes;

/// <summary>Evicts pods through the eviction API, which asks their budgets.</summary>
internal abstract record EvictStep : Step
{
    private const int AtOnce = 10;
    private static readonly TimeSpan EvictionRetry = Simulation.Running.Clock.Timers.Default.EvictionRetry;

    /// <summary>How long one pod may be kept by its budget.</summary>
    public abstract TimeSpan Timeout { get; init; }

    public override TimeSpan Expected => TimeSpan.FromSeconds(30);

    /// <summary>Pods that are still to leave.</summary>
    protected abstract Task<IReadOnlyList<V1Pod>> LeavingAsync(StepContext context, CancellationToken cancellationToken);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var pods = await LeavingAsync(context, cancellationToken);
        var found = Facts(("pods", pods.Count == 0 ? "none" : string.Join(", ", pods.Select(Drainage.NameOf))));
        return pods.All(pod => pod.Metadata.DeletionTimestamp is not null)
            ? pods.Count == 0 ? StepCheck.Done(found, "no such pod is left") : StepCheck.UnderWay(found, $"{Drainage.NameOf(pods[0])} is terminating")
            : StepCheck.ToDo(found);
    }

    protected async Task EvictAsync(StepContext context, IReadOnlyList<V1Pod> pods, int atOnce, CancellationToken cancellationToken)
    {
        var evicted = 0;
        await Parallel.ForEachAsync(pods, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(atOnce, AtOnce), CancellationToken = cancellationToken }, async (pod, token) =>
        {
            await EvictAsync(context, pod, token);
            context.Progress($"{Interlocked.Increment(ref evicted)} of {pods.Count} pods evicted", (double)evicted / (pods.Count + 1));
        });
    }

    private async Task EvictAsync(StepContext context, V1Pod pod, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        while (pod.Metadata.DeletionTimestamp is null)
        {
            var answer = await context.Kubernetes.EvictAsync(pod.Metadata.NamespaceProperty, pod.Metadata.Name, pod.Metadata.Uid, cancellationToken);
            if (answer.Outcome != EvictionOutcome.Refused)
                return;
            var problem = answer.Budget.Length > 0 ? $"budget {answer.Budget} does not allow the eviction of pod {Drainage.NameOf(pod)}" : $"pod {Drainage.NameOf(pod)} may not be evicted: {answer.Reason}";
            if (context.Time.GetElapsedTime(start) > Timeout)
            {
                throw new HaClusterException(
                    FailureKind.NotSafe, "POST pods/eviction", Drainage.NameOf(pod), $"{problem} for {Wording.Duration(Timeout)}",
                    $"See which pods of {answer.Budget} are not ready (Get-HaWorkload -Namespace {pod.Metadata.NamespaceProperty}), then Resume-HaOperation {context.OperationId}");
            }
            context.Progress(problem, null);
            await Task.Delay(answer.RetryAfter is { } asked && asked < EvictionRetry ? asked : EvictionRetry, context.Time, cancellationToken);
        }
    }

    /// <summary>Until none is left on nodes that can end pods. On a node that does not answer they stay Terminating, and their replacements start without them.</summary>
    protected async Task UntilGoneAsync(StepContext context, CancellationToken cancellationToken)
    {
        // A pod is killed after its grace period: ten minutes for a chain node, an hour for a runner of jobs.
        var grace = (await LeavingAsync(context, cancellationToken)).Select(GraceOf).DefaultIfEmpty().Max();
        await context.UntilAsync(this, Timeout + grace, async token =>
        {
            var pods = await LeavingAsync(context, token);
            var silent = await SilentNodesAsync(context, token);
            var left = pods.Where(pod => pod.Metadata.DeletionTimestamp is null || !silent.Contains(pod.Spec.NodeName)).ToList();
            return left.Count == 0 ? null : Waiting(left, context.Time.GetUtcNow().UtcDateTime);
        }, cancellationToken);
    }

    private static TimeSpan GraceOf(V1Pod pod) => TimeSpan.FromSeconds(pod.Metadata.DeletionGracePeriodSeconds ?? pod.Spec.TerminationGracePeriodSeconds ?? 30);

    /// <summary>The pod that may take longest, and how long at most.</summary>
    private static string Waiting(List<V1Pod> left, DateTime now)
    {
        var last = left.MaxBy(pod => pod.Metadata.DeletionTimestamp ?? now)!;
        var until = last.Metadata.DeletionTimestamp is { } at && at > now ? $", which is given {Wording.Duration(at - now)} more to end" : "";
        return $"{(left.Count == 1 ? "1 pod" : $"{left.Count} pods")} left: {Drainage.NameOf(last)}{(left.Count == 1 ? "" : " and others")}{until}";
    }

    protected static async Task<HashSet<string>> SilentNodesAsync(StepContext context, CancellationToken cancellationToken) =>
        [.. (await context.NodesAsync(cancellationToken)).Where(node => !node.IsReady()).Select(node => node.Metadata.Name)];
}

/// <summary>Evicts the pods without state from a node.</summary>
internal sealed record EvictStatelessStep(string Node, TimeSpan Timeout) : EvictStep
{
    public override TimeSpan Timeout { get; init; } = Timeout;

    public override string Id => $"evict-stateless/{Node}";

    public override string Title => $"Evict pods without state from {Node}";

    public override string Subject => $"node/{Node}";

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken) =>
        await EvictAsync(context, await LeavingAsync(context, cancellationToken), atOnce: int.MaxValue, cancellationToken);

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await UntilGoneAsync(context, cancellationToken);
        return Facts(("pods", "none"));
    }

    protected override async Task<IReadOnlyList<V1Pod>> LeavingAsync(StepContext context, CancellationToken cancellationToken) =>
        [.. (await Drainage.LeavingAsync(context, [Node], cancellationToken)).Where(pod => !Drainage.IsStateful(pod))];
}

/// <summary>Evicts the pods of one set with state, one at a time: the next goes when the last is ready elsewhere, or cannot be.</summary>
internal sealed record EvictSetStep(string Namespace, string Kind, string Name, IReadOnlyList<string> Nodes, TimeSpan Timeout) : EvictStep
{
    public override TimeSpan Timeout { get; init; } = Timeout;

    public override string Id => $"evict-set/{Kind}/{Namespace}/{Name}";

    public override string Title => $"Evict {Kind} {Namespace}/{Name}, one pod at a time";

    public override string Subject => $"{Kind.ToLowerInvariant()}/{Namespace}/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(90);

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var silent = await SilentNodesAsync(context, cancellationToken);
        foreach (var pod in await LeavingAsync(context, cancellationToken))
        {
            if (silent.Contains(pod.Spec.NodeName))
            {
                context.Warn($"pod {Drainage.NameOf(pod)} stays on {pod.Spec.NodeName}, which does not answer and is not known to be off");
                continue;
            }
            // Asked before, not after: a run that was killed after its eviction must not evict the next one early.
            await UntilOthersReadyAsync(context, cancellationToken);
            await EvictAsync(context, [pod], atOnce: 1, cancellationToken);
        }
    }

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        var silent = await SilentNodesAsync(context, cancellationToken);
        await context.UntilAsync(this, Timeout, async token =>
            (await LeavingAsync(context, token)).FirstOrDefault(pod => !silent.Contains(pod.Spec.NodeName)) is { } left ? $"pod {Drainage.NameOf(left)} is still on {left.Spec.NodeName}" : null, cancellationToken);
        await UntilOthersReadyAsync(context, cancellationToken);
        return Facts(("pods", "none"));
    }

    protected override async Task<IReadOnlyList<V1Pod>> LeavingAsync(StepContext context, CancellationToken cancellationToken) =>
        [.. (await Drainage.LeavingAsync(context, [.. Nodes], cancellationToken)).Where(pod => Drainage.IsStateful(pod) && Drainage.SetOf(pod) == (Namespace, Kind, Name))];

    /// <summary>Until all pods of the set that are not on the nodes are ready, or cannot be before their zone is back.</summary>
    private async Task UntilOthersReadyAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (Kind != "StatefulSet")
            return;
        var pending = new HashSet<string>();
        await context.UntilAsync(this, Timeout, async token =>
        {
            if (await context.Kubernetes.FindAsync(Kinds.StatefulSets, Namespace, Name, token) is not { } set)
                return null;
            var pods = (await context.Kubernetes.ListAsync(Kinds.Pods, ListScope.In(Namespace), token)).Items.Where(pod => Drainage.SetOf(pod) == (Namespace, Kind, Name)).ToList();
            if (pods.Count < (set.Spec.Replicas ?? 1))
                return $"{Namespace}/{Name} has {pods.Count} of {set.Spec.Replicas} pods";
            foreach (var pod in pods.Where(pod => !Drainage.IsReady(pod) && !Nodes.Contains(pod.Spec.NodeName)))
            {
                if (!pending.Contains(pod.Metadata.Uid) && !await StaysPendingAsync(context, pod, token))
                    return $"pod {Drainage.NameOf(pod)} is not ready yet";
                pending.Add(pod.Metadata.Uid);
            }
            return null;
        }, cancellationToken);
    }

    /// <summary>Its volume is in the zone that is left: it waits there, and its set must not wait for it.</summary>
    private static async Task<bool> StaysPendingAsync(StepContext context, V1Pod pod, CancellationToken cancellationToken)
    {
        var unschedulable = pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False", Reason: "Unschedulable" });
        if (pod.Spec.NodeName is not null || unschedulable is null)
            return false;
        if (await ZonalVolumes.ZoneOfAsync(context, pod, cancellationToken) is not { } zone)
            return false;
        context.Warn($"pod {Drainage.NameOf(pod)} stays Pending: its volume is in zone {zone}");
        return true;
    }
}

/// <summary>Evicts what came to the nodes in between, and verifies that they are empty.</summary>
internal sealed record EmptyNodesStep(IReadOnlyList<string> Nodes, TimeSpan Timeout) : EvictStep
{
    public override TimeSpan Timeout { get; init; } = Timeout;

    public override bool FollowsEarlier => true;

    public override string Id => "verify-empty";

    public override string Title => Nodes.Count == 1 ? $"Verify that {Nodes[0]} is empty" : $"Verify that {Nodes.Count} nodes are empty";

    public override string Subject => Nodes.Count == 1 ? $"node/{Nodes[0]}" : "nodes";

    public override TimeSpan Expected => TimeSpan.FromSeconds(2);

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken) =>
        await EvictAsync(context, await LeavingAsync(context, cancellationToken), atOnce: 1, cancellationToken);

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await UntilGoneAsync(context, cancellationToken);
        return Facts(("pods", "none"));
    }

    protected override async Task<IReadOnlyList<V1Pod>> LeavingAsync(StepContext context, CancellationToken cancellationToken)
    {
        var silent = await SilentNodesAsync(context, cancellationToken);
        return
        [
            .. (await Drainage.LeavingAsync(context, [.. Nodes], cancellationToken))
                // Replaced already, or kept where they are because nobody knows whether their node is off.
                .Where(pod => !silent.Contains(pod.Spec.NodeName) || !Drainage.IsStateful(pod) && pod.Metadata.DeletionTimestamp is null),
        ];
    }
}
