using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>Tests, like an autoscaler, whether an empty node of a group would take a pod.</summary>
internal sealed class AdditionalNodes(ClusterModel model, SchedulerOptions options)
{
    private const int BeyondAny = 1_000_000;

    /// <summary>Groups that would take the pod with one more node in a remaining zone.</summary>
    public IEnumerable<NodeGroup> GroupsThatFit(ClusterState state, Pod pod, ImmutableArray<string> deadZones)
    {
        var scheduler = new Scheduler(options);
        foreach (var group in model.NodeGroups)
        {
            foreach (var zone in group.Zones.Where(zone => !deadZones.Contains(zone)))
            {
                var grown = state.Clone();
                var node = grown.Add(group.NodeAt(BeyondAny, zone));
                if (!scheduler.Fits(grown, pod, node))
                    continue;
                yield return group;
                break;
            }
        }
    }

    public bool AnyTakes(ClusterState state, Pod pod, ImmutableArray<string> deadZones) => GroupsThatFit(state, pod, deadZones).Any();
}
