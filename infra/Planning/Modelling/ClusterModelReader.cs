using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Addons;
using HaCluster.Planning.Modelling.Charts;
using HaCluster.Planning.Modelling.Nodes;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Services;
using HaCluster.Planning.Modelling.Settings;
using HaCluster.Planning.Rendering;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>The cluster that a program declares, as simulation and proof see it.</summary>
public static class ClusterModelReader
{
    private const string TheProgram = "the program";
    private const string Autoscaler = "cluster-autoscaler";

    /// <param name="graph">Of a simulated run: in a preview zones, subnets and names are unknown.</param>
    /// <exception cref="UnreadableInputException">A launch template's user data holds a NodeConfig that is no YAML.</exception>
    public static ClusterModel Of(ResourceGraph graph, StackSettings settings)
    {
        var draft = new ModelDraft();
        var subnets = new SubnetIndex(graph);
        new NodeGroupReader(graph, subnets, draft, SettingNames.OfStack).Read();

        var objectives = ObjectivesReader.Of(settings);
        var objects = Objects(graph, draft);
        new ObjectModel(draft, new ServingRule(objectives.Serving), SettingNames.OfStack)
            .Add(objects, new ClusterModel { Name = "", Zones = [], NodeGroups = [.. draft.NodeGroups] });
        ReportUnmatched(objectives, draft);

        var zones = draft.NodeGroups.SelectMany(group => group.Zones).Concat(subnets.All.Select(subnet => subnet.Zone));
        var natGateways = NatReader.Read(graph, subnets);
        var model = draft.Onto(new ClusterModel
        {
            Name = ClusterFacts.Of(graph) is [var cluster, ..] ? cluster.Name : graph.Stack,
            Zones = [.. zones.Distinct().Order(StringComparer.Ordinal)],
            NatGateways = natGateways,
            NatSetting = natGateways.IsEmpty ? null : SettingNames.OfStack.OfNat,
            Databases = DatabaseReader.Read(graph, draft, SettingNames.OfStack),
            SearchDomains = SearchReader.Read(graph),
            EntryPoints = new EntryPointReader(draft, isPublic => ZonesWith(subnets, isPublic ? SubnetReach.Internet : SubnetReach.Nat)).Read(objects),
            Objectives = objectives.Recovery,
            Serving = objectives.Serving,
            IsAutoscaled = draft.Workloads.Any(workload => workload.Name == Autoscaler && workload.Replicas > 0),
        });
        return ProductObjectives.Apply(model, objectives.Serving);
    }

    private static ImmutableArray<ClusterObject> Objects(ResourceGraph graph, ModelDraft draft)
    {
        var declared = KubernetesObjectReader.Of(graph).Select(subject => new ClusterObject(subject, TheProgram)).ToImmutableArray();
        return [.. declared, .. ChartCatalog.Objects(graph, declared, draft), .. AddonCatalog.Objects(graph, draft)];
    }

    /// <summary>An objective for something that does not exist is a promise nobody keeps.</summary>
    private static void ReportUnmatched(ObjectivesReader objectives, ModelDraft draft)
    {
        foreach (var name in objectives.Serving.Keys.Where(name => draft.Workloads.All(workload => workload.Id != name)))
            draft.AddUnknown(ObjectivesReader.SubjectOf(name), "the cluster has no workload of this name (namespace/name); correct it or leave it out");
    }

    private static IEnumerable<string> ZonesWith(SubnetIndex subnets, SubnetReach reach) =>
        subnets.All.Where(subnet => subnet.Reach == reach).Select(subnet => subnet.Zone);
}
