using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>The EKS add-ons that are modelled.</summary>
internal static class AddonCatalog
{
    public static IEnumerable<ClusterObject> Objects(ResourceGraph graph, ModelDraft draft)
    {
        foreach (var addon in graph.Resources.Where(resource => resource.Type == "aws:eks/addon:Addon"))
        {
            var name = addon.Inputs.At("addonName").Text() ?? addon.Name;
            draft.AddUnknown($"add-on {name}", "this add-on is not modelled: its pods are missing");
        }

        yield break;
    }
}
