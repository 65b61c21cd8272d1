using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>The EKS add-ons that are modelled.</summary>
internal static class AddonCatalog
{
    private const string Published =
        "EKS add-ons run with the requests of their published manifests. AWS publishes none for kube-proxy and the snapshot controller " +
        "of this version: 100m of CPU are assumed for the former, nothing for the latter. Parts for GPUs and Windows are left out.";

    public static readonly ImmutableArray<IAddonModel> All =
    [
        new CoreDnsAddon(),
        new EbsCsiDriverAddon(),
        new KubeProxyAddon(),
        new MetricsServerAddon(),
        new NodeMonitoringAgentAddon(),
        new PodIdentityAgentAddon(),
        new SnapshotControllerAddon(),
        new VpcCniAddon(),
    ];

    public static IEnumerable<ClusterObject> Objects(ResourceGraph graph, ModelDraft draft)
    {
        foreach (var addon in graph.Resources.Where(resource => resource.Type == "aws:eks/addon:Addon"))
        {
            draft.Assume(Published);
            var name = addon.Inputs.At("addonName").Text() ?? addon.Name;
            if (All.FirstOrDefault(model => model.Addon == name) is not { } model)
            {
                draft.AddUnknown($"add-on {name}", "this add-on is not modelled: its pods are missing; add them as manifests", hidesPods: true);
                continue;
            }

            var configuration = Configuration(addon, draft).Over(ObjectParts.Yaml(model.Defaults));
            foreach (var made in model.Objects(configuration))
                yield return new ClusterObject(made, new Origin.Addon(addon.Urn, name, model.IsPublished));
        }
    }

    /// <summary>EKS takes JSON or YAML.</summary>
    private static PropertyValue Configuration(ResourceNode addon, ModelDraft draft)
    {
        if (addon.Inputs.At("configurationValues").Text() is not { Length: > 0 } text)
            return ObjectParts.Map();
        try
        {
            return ObjectParts.Yaml(text);
        }
        catch (UnreadableInputException)
        {
            draft.AddUnknown($"configuration of add-on {addon.Name}", "it is neither JSON nor YAML; the add-on's defaults are used");
            return ObjectParts.Map();
        }
    }
}
