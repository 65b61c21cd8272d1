using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>AWS resources created by Helm charts, as far as their values tell: load balancers of Services. Their volumes are claims of the cluster.</summary>
internal static class ChartCosts
{
    public static void Add(ResourceNode release, CostSheet sheet)
    {
        var chart = (release.Inputs.At("chart").Text() ?? release.Name).Split('/')[^1];
        if (!ChartCatalog.All.Any(model => model.Chart == chart))
            sheet.Unknown(release, $"chart {chart}", "what it creates by itself is not known; what its values ask for is counted");
        Walk(release, chart, release.Inputs.At("values"), sheet);
    }

    private static void Walk(ResourceNode release, string name, PropertyValue? values, CostSheet sheet)
    {
        foreach (var (key, value) in values.Entries())
        {
            if (key == "service" && value.At("type").Text() == "LoadBalancer")
                BalancerCosts.AddNetwork(release, name, isPublic: true, sheet);
            else
                Walk(release, key, value, sheet);
        }
    }
}
