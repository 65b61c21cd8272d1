using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>
/// What is left after a loss, and where the displaced pods go when no instance can be launched: their controllers make them anew, the
/// scheduler places them in order of priority, and lets them push off those of lower priority.
/// </summary>
internal sealed class LossStudy(ClusterModel model, Scheduler scheduler, ClusterState rest)
{
    private readonly FreshNodes _fresh = new(model, scheduler);

    public LossOutcome Of(Loss loss)
    {
        var state = rest.Clone();
        var displaced = loss.Nodes.SelectMany(name => state.Find(name) is { } node ? state.Remove(node) : []).ToList();
        displaced.RemoveAll(pod => pod.Workload.Kind == WorkloadKind.DaemonSet);
        return Settle(state, displaced, loss.Zones);
    }

    private LossOutcome Settle(ClusterState state, List<Pod> displaced, ImmutableArray<string> deadZones)
    {
        var waiting = new PriorityQueue<Pod, (int, int)>();
        // Nobody makes a bare pod anew.
        foreach (var pod in displaced.Where(pod => pod.Workload.Kind != WorkloadKind.Pod))
            waiting.Enqueue(pod, (-pod.Spec.Priority, waiting.Count));
        var moves = new Dictionary<Pod, NodeState>();
        var stuck = new List<StuckPod>();
        var preempted = 0;
        while (waiting.TryDequeue(out var pod, out _))
        {
            if (state.VolumeZoneOf(pod) is { } zone && deadZones.Contains(zone))
            {
                stuck.Add(new StuckPod(pod, StuckCause.DeadVolume, $"its volume is in {zone}"));
                continue;
            }

            var result = scheduler.Place(state, pod);
            if (result.Node is { } node)
            {
                moves[pod] = node;
            }
            else if (Preemption.Find(scheduler, state, pod, model.Budgets) is { } eviction)
            {
                foreach (var victim in eviction.Victims)
                {
                    state.Unbind(victim);
                    moves.Remove(victim);
                    waiting.Enqueue(victim, (-victim.Spec.Priority, int.MaxValue));
                }

                preempted += eviction.Victims.Length;
                state.Bind(pod, eviction.Node);
                moves[pod] = eviction.Node;
            }
            else
            {
                stuck.Add(new StuckPod(pod, CauseOf(state, pod, deadZones), result.ToString()));
            }
        }

        return new LossOutcome
        {
            Displaced = displaced.CountBy(pod => pod.Workload).ToDictionary(),
            Moves = [.. moves],
            Stuck = [.. stuck],
            Preempted = preempted,
            After = state,
        };
    }

    private StuckCause CauseOf(ClusterState state, Pod pod, ImmutableArray<string> deadZones) =>
        state.VolumeZoneOf(pod) is not null ? StuckCause.VolumeWithoutNode
        : _fresh.AnyTakes(state, pod, deadZones) ? StuckCause.Room
        : StuckCause.Rule;
}
