using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling;

/// <summary>The pod at hand and the cluster it is to find a place in.</summary>
internal readonly record struct SchedulingCycle(ClusterState State, Pod Pod, PodTemplate Template, SchedulerOptions Options)
{
    public PodSpec Spec => Template.Spec;
}
