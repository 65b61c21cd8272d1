using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>A cluster and what happens to it.</summary>
public sealed record DisruptedCluster(ClusterModel Model, RunOptions Options, Disruption[] Disruptions)
{
    public override string ToString() => string.Join("; ", Disruptions.Select(one => one.ToString()))
        + $" on {string.Join(", ", Model.Workloads.Select(w => $"{w.Kind} {w.Name} x{w.Replicas} {w.Pods.Requests.MilliCpu}m p{w.Pods.Priority}"))}"
        + $" groups {string.Join(", ", Model.NodeGroups.Select(group => $"{group.Name} {group.Desired}/{group.Max}"))} budgets {string.Join(", ", Model.Budgets)}";
}
