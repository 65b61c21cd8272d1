using System.Collections.Immutable;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Nodes;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Services;
using HaCluster.Planning.Modelling.Settings;
using HaCluster.Planning.Rendering;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>What AWS says of a cluster, beside the objects in it.</summary>
public sealed record LiveInfrastructure
{
    public ImmutableArray<LiveNodeGroup> NodeGroups { get; init; } = [];

    public ImmutableArray<Database> Databases { get; init; } = [];

    public ImmutableArray<NatGateway> NatGateways { get; init; } = [];

    /// <summary>Such as <c>1.36</c>; null when unknown.</summary>
    public string? Version { get; init; }

    public ImmutableArray<SearchDomain> SearchDomains { get; init; } = [];

    /// <summary>What the stack's settings ask of the cluster.</summary>
    public DeclaredObjectives Objectives { get; init; } = DeclaredObjectives.None;
}

/// <param name="Name">As in the label <c>eks.amazonaws.com/nodegroup</c> of its nodes.</param>
/// <param name="UpdatedAtOnce">Nodes that an update replaces at a time.</param>
public sealed record LiveNodeGroup(string Name, int Min, int Max, bool IsSpot, int UpdatedAtOnce);

/// <summary>Builds the model of a cluster that runs, from all of its objects and from what AWS says of it.</summary>
public static class LiveModel
{
    private const string GroupLabel = "eks.amazonaws.com/nodegroup";
    private const string InstanceTypeLabel = "node.kubernetes.io/instance-type";
    private const string Autoscaler = "cluster-autoscaler";

    /// <summary>The cluster with its nodes and pods as they are, for questions about where pods can go now.</summary>
    public static ClusterModel OfPlacements(string name, IEnumerable<LiveObject> objects, LiveInfrastructure infrastructure)
    {
        var all = Objects(objects);
        var draft = new ModelDraft();
        var nodes = NodeReader.Read(all);
        draft.Nodes.AddRange(nodes);
        return Complete(name, all, infrastructure, draft, new ClusterModel { Name = "", Zones = [], Nodes = nodes, Version = infrastructure.Version }, ZonesOf(nodes));
    }

    /// <summary>
    /// The cluster as it is declared now, for the proof: node groups with as many nodes as work at present, and every workload with the replicas that it should have.
    /// </summary>
    public static ClusterModel OfDeclaration(string name, IEnumerable<LiveObject> objects, LiveInfrastructure infrastructure)
    {
        var all = Objects(objects);
        var draft = new ModelDraft();
        var nodes = NodeReader.Read(all);
        var ready = all.Where(one => one.Kind == "Node" && IsReady(one)).Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        var lame = nodes.Where(node => node.IsUnschedulable || !ready.Contains(node.Name)).Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in nodes.Where(node => lame.Contains(node.Name)))
            draft.AddNote($"Node {node.Name}", "it is cordoned or not ready: the proof counts on the other nodes only");
        var working = nodes.Where(node => !lame.Contains(node.Name)).ToImmutableArray();
        var grouped = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in infrastructure.NodeGroups)
        {
            var own = working.Where(node => node.Labels.GetValueOrDefault(GroupLabel) == group.Name).ToList();
            if (own.Count == 0)
                continue;
            if (Read(group, own) is { } read)
            {
                draft.NodeGroups.Add(read);
                grouped.UnionWith(own.Select(node => node.Name));
            }
            else
            {
                draft.AddNote($"node group {group.Name}", "its nodes are unevenly spread over its zones: they are counted one by one, as nodes without a group");
            }
        }

        var single = working.Where(node => !grouped.Contains(node.Name)).ToImmutableArray();
        draft.Nodes.AddRange(single);
        if (!single.IsEmpty)
            draft.Assume("Nodes that are in no node group of EKS are not replaced when they are lost.");
        var cluster = new ClusterModel { Name = "", Zones = [], Nodes = single, NodeGroups = [.. draft.NodeGroups], Version = infrastructure.Version };
        var model = Complete(name, all, infrastructure, draft, cluster, ZonesOf(nodes));
        var names = model.Workloads.Select(workload => workload.Id).ToHashSet(StringComparer.Ordinal);
        // An objective for a workload that does not exist would never be checked.
        model = model with
        {
            Unknown = [.. model.Unknown, .. infrastructure.Objectives.Serving.Keys.Where(workload => !names.Contains(workload))
                .Select(workload => new UnknownObject(DeclaredObjectives.SubjectOf(workload), "the cluster has no workload of this name", HidesPods: false))],
        };
        // A proof places the replicas itself.
        return model with { Placements = [], IsAutoscaled = model.Workloads.Any(workload => workload.Name == Autoscaler && workload.Replicas > 0) };
    }

    private static ClusterModel Complete(
        string name, List<ClusterObject> objects, LiveInfrastructure infrastructure, ModelDraft draft, ClusterModel cluster, ImmutableArray<string> zones)
    {
        ExistingObjects.Read(objects, cluster, draft, new ServingRule(infrastructure.Objectives.Serving));
        var model = draft.Onto(new ClusterModel
        {
            Name = name,
            Version = infrastructure.Version,
            Zones = zones,
            Databases = infrastructure.Databases,
            NatGateways = infrastructure.NatGateways,
            EntryPoints = new EntryPointReader(draft, _ => zones).Read(objects),
            SearchDomains = infrastructure.SearchDomains,
            Objectives = infrastructure.Objectives.Recovery,
            Serving = infrastructure.Objectives.Serving,
        });
        return ProductObjectives.Apply(model, model.Serving);
    }

    /// <summary>Null when the nodes are not spread as Auto Scaling spreads them: the model's groups alternate between their zones.</summary>
    private static NodeGroup? Read(LiveNodeGroup group, List<Node> nodes)
    {
        var byZone = nodes.GroupBy(node => node.Zone, StringComparer.Ordinal).OrderByDescending(zone => zone.Count()).ThenBy(zone => zone.Key, StringComparer.Ordinal).ToList();
        if (byZone[0].Count() - byZone[^1].Count() > 1 || byZone.Any(zone => zone.Key.Length == 0))
            return null;
        var smallest = nodes.MinBy(node => (node.Allocatable.MilliCpu, node.Allocatable.MemoryBytes))!;
        // What one node has of its own must not be on all of them.
        var shared = smallest.Labels.Where(label => nodes.All(node => node.Labels.GetValueOrDefault(label.Key) == label.Value));
        return new NodeGroup
        {
            Name = group.Name,
            Zones = [.. byZone.Select(zone => zone.Key)],
            Min = Math.Min(group.Min, nodes.Count),
            Desired = nodes.Count,
            Max = Math.Max(group.Max, nodes.Count),
            Template = smallest with { Labels = shared.ToImmutableSortedDictionary(StringComparer.Ordinal), Group = group.Name },
            InstanceType = smallest.Labels.GetValueOrDefault(InstanceTypeLabel, ""),
            IsSpot = group.IsSpot,
            UpdatedAtOnce = Math.Max(1, group.UpdatedAtOnce),
        };
    }

    private static ImmutableArray<string> ZonesOf(ImmutableArray<Node> nodes) =>
        [.. nodes.Select(node => node.Zone).Where(zone => zone.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool IsReady(ClusterObject node) =>
        node.At("status", "conditions").Items().Any(condition => condition.At("type").Text() == "Ready" && condition.At("status").Text() == "True");

    private static List<ClusterObject> Objects(IEnumerable<LiveObject> objects) => [.. objects.Select(one => one.Read()).OfType<KubernetesObject>().Select(one => new ClusterObject(one, new Origin.File("the cluster")))];
}
