using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Validation;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Addons;
using HaCluster.Planning.Modelling.Charts;
using HaCluster.Planning.Modelling.Charts.Monitoring;
using HaCluster.Planning.Modelling.Nodes;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Services;
using HaCluster.Planning.Modelling.Settings;
using HaCluster.Planning.Modelling.Volumes;
using HaCluster.Planning.Rendering;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>Builds the model for simulation and proof from the cluster that a program declares.</summary>
public static class ClusterModelReader
{
    private const string Autoscaler = "cluster-autoscaler";

    /// <summary>With the default objectives only, for example for a recorded plan.</summary>
    public static ClusterModel Of(ResourceGraph graph) => Of(graph, DeclaredObjectives.None);

    /// <param name="graph">Of a simulated run: in a preview zones, subnets and names are unknown.</param>
    /// <exception cref="RefusedSettingsException">An objective names a workload that does not exist.</exception>
    /// <exception cref="UnreadableInputException">A launch template's user data holds a NodeConfig that is not valid YAML.</exception>
    public static ClusterModel Of(ResourceGraph graph, StackSettings settings) => Of(graph, DeclaredObjectives.Of(settings));

    private static ClusterModel Of(ResourceGraph graph, DeclaredObjectives objectives)
    {
        var draft = new ModelDraft();
        var subnets = new SubnetIndex(graph);
        new NodeGroupReader(graph, subnets, draft, SettingNames.OfStack).Read();

        var cluster = ClusterFacts.Of(graph).FirstOrDefault();
        var version = cluster?.Version ?? ServedKinds.NewestVersion;
        var objects = ObjectsOf(graph, draft);
        new ObjectModel(draft, new ServingRule(objectives.Serving), SettingNames.OfStack)
            .Add(objects, new ClusterModel
            {
                Name = "",
                Zones = [],
                Version = version,
                NodeGroups = [.. draft.NodeGroups],
                Storage = cluster is null ? ClusterStorage.Empty : EksStorage.Of(cluster.Version),
            });
        ReportUnmatched(objectives, draft);

        var zones = draft.NodeGroups.SelectMany(group => group.Zones).Concat(subnets.All.Select(subnet => subnet.Zone));
        var natGateways = NatReader.Read(graph, subnets);
        var model = draft.Onto(new ClusterModel
        {
            Name = cluster?.Name ?? graph.Stack,
            Version = version,
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

    /// <summary>All objects of the cluster: declared, and created by charts, add-ons and operators.</summary>
    internal static ImmutableArray<ClusterObject> ObjectsOf(ResourceGraph graph, ModelDraft draft)
    {
        var declared = KubernetesObjectReader.Of(graph).Select(subject => new ClusterObject(subject, new Origin.Program(subject.Urn!))).ToImmutableArray();
        declared = [.. declared, .. OperatedSets.Of(declared)];
        return [.. declared, .. ChartCatalog.Objects(graph, declared, draft), .. AddonCatalog.Objects(graph, draft)];
    }

    /// <summary>An objective for a workload that does not exist would never be checked.</summary>
    private static void ReportUnmatched(DeclaredObjectives objectives, ModelDraft draft)
    {
        var names = draft.Workloads.Select(workload => workload.Id).ToHashSet(StringComparer.Ordinal);
        var filled = draft.Workloads.Select(workload => workload.Namespace).ToHashSet(StringComparer.Ordinal);
        var missing = objectives.Serving.Where(objective => !names.Contains(objective.Key)).ToLookup(objective => filled.Contains(objective.Key.Split('/')[0]));
        if (missing[true].Any())
            throw new RefusedSettingsException([.. missing[true].Select(objective => Missing(objective.Key, objective.Value, names))]);

        // A namespace without workloads is filled by users: their manifests may have the workload.
        foreach (var (name, _) in missing[false])
            draft.AddUnknown(DeclaredObjectives.SubjectOf(name), "the program declares no workload of this name (namespace/name); add its manifests with --manifests, correct the name, or remove the entry");
    }

    private static string Missing(string name, int least, IReadOnlySet<string> names)
    {
        const int Most = 3;
        var space = name.Split('/')[0] + "/";
        var near = NearestName.Find(name, names, Most);
        var others = near.Count > 0 ? near : [.. names.Where(other => other.StartsWith(space, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        var hint = near.Count > 0 ? $"did you mean {string.Join(" or ", others)}? Otherwise remove it"
            : others.Count > 0 ? $"namespace {space[..^1]} has {string.Join(", ", others)}: choose one of these or remove it"
            : "remove it";
        return $"{DeclaredObjectives.SubjectOf(name)} is {least}; the cluster has no workload of this name; {hint}";
    }

    private static IEnumerable<string> ZonesWith(SubnetIndex subnets, SubnetReach reach) =>
        subnets.All.Where(subnet => subnet.Reach == reach).Select(subnet => subnet.Zone);
}
