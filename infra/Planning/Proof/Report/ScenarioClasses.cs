using System.Collections.Immutable;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Report;

/// <summary>Names, titles and requirements of the classes of scenarios.</summary>
public static class ScenarioClasses
{
    public static readonly ImmutableArray<ScenarioClass> All = [.. Enum.GetValues<ScenarioClass>()];

    /// <summary>The stable name, as in documents: <c>zone-lost</c>.</summary>
    public static string NameOf(ScenarioClass kind) => kind switch
    {
        ScenarioClass.SteadyState => "steady-state",
        ScenarioClass.ZoneLost => "zone-lost",
        ScenarioClass.NodeLost => "node-lost",
        ScenarioClass.NodePairLost => "node-pair-lost",
        ScenarioClass.ZoneAndNodeLost => "zone-and-node-lost",
        ScenarioClass.GroupLost => "group-lost",
        ScenarioClass.NatLost => "nat-lost",
        ScenarioClass.WriterLost => "writer-lost",
        ScenarioClass.MasterLost => "master-lost",
        ScenarioClass.ReplicaLost => "replica-lost",
        ScenarioClass.NodeDrained => "node-drained",
        ScenarioClass.GroupUpdated => "group-updated",
        ScenarioClass.WorkloadUpdated => "workload-updated",
        ScenarioClass.UpdatedThenZoneLost => "workload-updated-then-zone-lost",
        ScenarioClass.MemoryLeaked => "memory-leaked",
        _ => "disk-filled",
    };

    public static string TitleOf(ScenarioClass kind) => kind switch
    {
        ScenarioClass.SteadyState => "steady state",
        ScenarioClass.ZoneLost => "a zone lost",
        ScenarioClass.NodeLost => "a node lost",
        ScenarioClass.NodePairLost => "two nodes lost",
        ScenarioClass.ZoneAndNodeLost => "a zone and a node lost",
        ScenarioClass.GroupLost => "a node group lost",
        ScenarioClass.NatLost => "a NAT gateway lost",
        ScenarioClass.WriterLost => "a database writer lost",
        ScenarioClass.MasterLost => "an OpenSearch master lost",
        ScenarioClass.ReplicaLost => "a stateful replica lost",
        ScenarioClass.NodeDrained => "a node drained",
        ScenarioClass.GroupUpdated => "a node group updated",
        ScenarioClass.WorkloadUpdated => "a workload updated",
        ScenarioClass.UpdatedThenZoneLost => "updated, then a zone lost",
        ScenarioClass.MemoryLeaked => "a memory leak",
        _ => "a disk filling up",
    };

    /// <summary>The requirement in this class.</summary>
    public static string RequirementOf(ScenarioClass kind) => kind switch
    {
        ScenarioClass.SteadyState => "every declared replica runs",
        ScenarioClass.ZoneLost or ScenarioClass.NodeLost or ScenarioClass.ReplicaLost =>
            "every workload keeps serving, displaced pods fit without new instances, and recovery meets its objective",
        ScenarioClass.NodePairLost or ScenarioClass.ZoneAndNodeLost =>
            "two failures at once: workloads with three or more replicas keep one; others may be down until new instances start",
        ScenarioClass.GroupLost => "workloads there may be down, and recover with new instances within their objective",
        ScenarioClass.NatLost => "no other zone loses internet access",
        ScenarioClass.WriterLost => "an instance elsewhere takes over within the objective",
        ScenarioClass.MasterLost => "a majority of masters remains",
        ScenarioClass.NodeDrained or ScenarioClass.GroupUpdated or ScenarioClass.WorkloadUpdated => "every workload keeps serving, and the operation completes",
        ScenarioClass.UpdatedThenZoneLost => "a release leaves replicas as far apart over the zones as its spread rule promises",
        _ => "only the pod itself is affected",
    };
}
