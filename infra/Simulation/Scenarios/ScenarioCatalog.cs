using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scenarios;

/// <summary>Every scenario of a class for one cluster in its steady state, without sampling.</summary>
public sealed class ScenarioCatalog(ClusterModel model, IReadOnlyList<Node> nodes)
{
    /// <summary>Lazy: a thousand nodes have half a million pairs.</summary>
    public IEnumerable<Scenario> Of(ScenarioClass kind) => kind switch
    {
        ScenarioClass.SteadyState => [new Scenario.SteadyState()],
        ScenarioClass.ZoneLost => model.Zones.Select(zone => new Scenario.ZoneLost(zone, NodesIn(zone))),
        ScenarioClass.NodeLost => nodes.Select(node => new Scenario.NodeLost(node.Name)),
        ScenarioClass.NodePairLost => Pairs(),
        ScenarioClass.ZoneAndNodeLost => model.Zones.SelectMany(ZoneAndNodes),
        ScenarioClass.GroupLost => model.NodeGroups.Select(group => new Scenario.GroupLost(group.Name, NodesOf(group.Name))).Where(lost => !lost.Nodes.IsEmpty),
        ScenarioClass.NatLost => model.NatGateways.Select(gateway => new Scenario.NatLost(gateway)),
        ScenarioClass.WriterLost => model.Databases.Select(database => new Scenario.WriterLost(database)),
        ScenarioClass.MasterLost => model.SearchDomains.Select(domain => new Scenario.MasterLost(domain)),
        ScenarioClass.ReplicaLost => model.Workloads.Where(workload => workload is { Kind: WorkloadKind.StatefulSet, Pods.Volumes.IsEmpty: false })
            .SelectMany(workload => Enumerable.Range(0, workload.Replicas).Select(ordinal => new Scenario.ReplicaLost(workload, ordinal))),
        ScenarioClass.NodeDrained => nodes.Select(node => new Scenario.NodeDrained(node.Name)),
        ScenarioClass.GroupUpdated => model.NodeGroups.Where(group => group.Desired > 0).Select(group => new Scenario.GroupUpdated(group.Name)),
        ScenarioClass.WorkloadUpdated => model.Workloads.Where(IsUpdated).Select(workload => new Scenario.WorkloadUpdated(workload)),
        ScenarioClass.UpdatedThenZoneLost => model.Workloads.Where(workload => IsUpdated(workload) && workload.Replicas > 1)
            .SelectMany(workload => model.Zones.Select(zone => new Scenario.UpdatedThenZoneLost(workload, zone))),
        ScenarioClass.MemoryLeaked => model.Workloads.Select(workload => new Scenario.MemoryLeaked(workload)),
        _ => model.Workloads.Select(workload => new Scenario.DiskFilled(workload)),
    };

    private static bool IsUpdated(Workload workload) =>
        workload is { Kind: WorkloadKind.Deployment or WorkloadKind.StatefulSet, Replicas: > 0 };

    private ImmutableArray<string> NodesIn(string zone) => [.. nodes.Where(node => node.Zone == zone).Select(node => node.Name)];

    private ImmutableArray<string> NodesOf(string group) => [.. nodes.Where(node => node.Group == group).Select(node => node.Name)];

    private IEnumerable<Scenario> ZoneAndNodes(string zone)
    {
        var gone = NodesIn(zone);
        return nodes.Where(node => node.Zone != zone).Select(node => new Scenario.ZoneAndNodeLost(zone, gone, node.Name));
    }

    private IEnumerable<Scenario> Pairs()
    {
        for (var first = 0; first < nodes.Count; first++)
        {
            for (var second = first + 1; second < nodes.Count; second++)
                yield return new Scenario.NodePairLost(nodes[first].Name, nodes[second].Name);
        }
    }
}
