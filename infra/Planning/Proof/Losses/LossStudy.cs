using System.Collections.Concurrent;
using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>
/// Computes the state after a loss, and where the displaced pods go when no instance can be launched: their controllers recreate them, the
/// scheduler places them in order of priority and lets them preempt pods of lower priority. Thread-safe.
/// </summary>
internal sealed class LossStudy(ClusterModel model, SchedulerOptions options, ClusterState rest)
{
    // By thread, because each reuses its buffers.
    private readonly ConcurrentDictionary<int, Scheduler> _schedulers = [];
    private readonly AdditionalNodes _additional = new(model, options);
    // Cached, because the scheduler identifies templates by reference.
    private readonly ConcurrentDictionary<PodSpec, PodSpec> _unspread = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<PodSpec, PodSpec> _honoring = new(ReferenceEqualityComparer.Instance);
    private readonly BudgetCover _budgets = new(model.Budgets);

    public LossOutcome Of(Loss loss) => Settle(Nothing, loss);

    /// <summary>
    /// One more node lost, after the pods of an earlier loss have moved. Pods that found no node then are not tried again: with one node less
    /// they still find none.
    /// </summary>
    public LossOutcome Then(LossOutcome before, string node) => Settle(before, new Loss(before.DeadZones, [node]));

    private Scheduler SchedulerOfThread => _schedulers.GetOrAdd(Environment.CurrentManagedThreadId, _ => new Scheduler(options));

    private LossOutcome Nothing => new()
    {
        DeadZones = [],
        Displaced = new Dictionary<Workload, int>(),
        Moves = new Dictionary<Pod, NodeState>(),
        Stuck = [],
        Preempted = 0,
        After = rest,
    };

    private LossOutcome Settle(LossOutcome before, Loss loss)
    {
        var state = before.After.Clone();
        var moves = new Dictionary<Pod, NodeState>(before.Moves);
        var stuck = before.Stuck.ToBuilder();
        var preempted = before.Preempted;
        var causes = new Dictionary<PodSpec, StuckCause>(ReferenceEqualityComparer.Instance);
        var queue = new PodQueue(SchedulerOfThread, state, _budgets);
        foreach (var pod in Evict(state, loss.Nodes))
        {
            moves.Remove(pod);
            if (state.VolumeZoneOf(pod) is { } zone && loss.Zones.Contains(zone))
                stuck.Add(new StuckPod(pod, StuckCause.DeadVolume, $"its volume is in {zone}"));
            else
                queue.Add(pod);
        }

        while (queue.Next() is { } placed)
        {
            foreach (var victim in placed.Eviction?.Victims ?? [])
                moves.Remove(victim);
            preempted += placed.Eviction?.Victims.Length ?? 0;
            if (placed.Node is { } node)
                moves[placed.Pod] = node;
            else
                stuck.Add(new StuckPod(placed.Pod, CauseOf(state, placed.Pod, loss.Zones, causes), placed.Result.ToString()) { Refusals = placed.Result.Refusals });
        }

        return new LossOutcome
        {
            DeadZones = loss.Zones,
            Displaced = Displaced(before, loss),
            Moves = moves,
            Stuck = stuck.ToImmutable(),
            Preempted = preempted,
            After = state,
        };
    }

    /// <summary>Whether only its own required spread keeps it Pending.</summary>
    private bool FitsUnspread(ClusterState state, Pod pod) =>
        pod.Spec.Spread.Any(spread => spread.IsRequired)
        && FitsWith(state, pod, _unspread.GetOrAdd(pod.Spec, spec => spec with { Spread = spec.Spread.RemoveAll(spread => spread.IsRequired) }));

    private bool FitsWith(ClusterState state, Pod pod, PodSpec spec)
    {
        var scheduler = SchedulerOfThread;
        var other = new Pod(pod.Workload, pod.Ordinal, spec);
        return state.Nodes.Any(node => scheduler.Fits(state, other, node));
    }

    /// <summary>Whether a node would take the pod if its spread left out nodes that are tainted for it (<c>nodeTaintsPolicy: Honor</c>).</summary>
    public bool FitsHonoringTaints(ClusterState state, Pod pod) =>
        FitsWith(state, pod, _honoring.GetOrAdd(pod.Spec, spec => spec with { Spread = [.. spec.Spread.Select(spread => spread with { HonorsTaints = true })] }));

    /// <summary>Pods to reschedule. Pods without a controller are not recreated, and DaemonSet pods go with their node.</summary>
    private static IEnumerable<Pod> Evict(ClusterState state, ImmutableArray<string> nodes) =>
        nodes.SelectMany(name => state.Find(name) is { } node ? state.Remove(node) : []).ToList()
            .Where(pod => pod.Workload.Kind is not (WorkloadKind.Pod or WorkloadKind.DaemonSet));

    /// <summary>Counted on their original nodes: a pod that has moved is not lost twice.</summary>
    private Dictionary<Workload, int> Displaced(LossOutcome before, Loss loss)
    {
        var displaced = new Dictionary<Workload, int>(before.Displaced);
        foreach (var pod in loss.Nodes.SelectMany(name => rest.Find(name)?.Pods ?? []).Where(pod => pod.Workload.Kind != WorkloadKind.DaemonSet))
            displaced[pod.Workload] = displaced.GetValueOrDefault(pod.Workload) + 1;
        return displaced;
    }

    /// <param name="known">Known answers for pods whose placement depends on resources only, which are the same for equal pods.</param>
    private StuckCause CauseOf(ClusterState state, Pod pod, ImmutableArray<string> deadZones, Dictionary<PodSpec, StuckCause> known)
    {
        if (state.VolumeZoneOf(pod) is not null)
            return StuckCause.VolumeWithoutNode;
        if (!known.TryGetValue(pod.Spec, out var cause))
            cause = !_additional.AnyTakes(state, pod, deadZones) ? StuckCause.Rule : FitsUnspread(state, pod) ? StuckCause.Spread : StuckCause.Room;
        if (!pod.Spec.LooksAtOthers)
            known[pod.Spec] = cause;
        return cause;
    }
}
