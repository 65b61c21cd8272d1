using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Counting;

namespace HaCluster.Simulation.Scheduling;

/// <summary>The current pod and the cluster in which it is scheduled.</summary>
internal readonly record struct SchedulingCycle(ClusterState State, Pod Pod, PodTemplate Template, SchedulerOptions Options)
{
    public PodSpec Spec => Template.Spec;
}
