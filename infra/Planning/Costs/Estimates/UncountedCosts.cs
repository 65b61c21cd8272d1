using System.Globalization;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>Costs that are in no total, listed so that nobody mistakes the total for the bill.</summary>
internal static class UncountedCosts
{
    private const string Exporter = "cloudwatch-exporter";

    public static IEnumerable<string> Of(ResourceGraph graph, string region, PriceList prices)
    {
        // EKS enters extended support automatically unless configured otherwise.
        foreach (var cluster in graph.Resources.Where(resource => resource.Type == "aws:eks/cluster:Cluster"))
        {
            if (cluster.Inputs.At("upgradePolicy", "supportType").Text() == "STANDARD")
                continue;
            var usd = prices.Find(region, "eks:extended-support")?.Usd.ToString(CultureInfo.InvariantCulture) ?? "more";
            var version = cluster.Inputs.At("version").Text();
            yield return $"extended support: {usd} USD per hour once standard support of Kubernetes {version} has ended";
        }

        if (graph.Resources.Any(resource => resource.Inputs.At("capacityType").Text() == "SPOT"))
            yield return "changes of spot prices: a spot group is priced as its first instance type with the average spot discount";
        if (Has("aws:kms/key:Key"))
            yield return "key rotation: each key costs 1 USD more per month after its first rotation, and again after its second";
        if (Has("aws:s3/bucket:Bucket"))
            yield return "S3 reads, archive classes and transitions between classes";
        if (graph.Resources.Any(resource => resource.Inputs.At("chart").Text()?.Contains(Exporter, StringComparison.Ordinal) == true))
            yield return "the metrics exporter's own requests to CloudWatch (0.01 USD for 1,000 metrics)";
        if (Has("aws:rds/clusterInstance:ClusterInstance"))
            yield return "enhanced monitoring of databases beyond the logs assumed above; exports of snapshots";
        yield return "SNS emails and messages, DNS queries, traffic to other regions and accounts";
        yield return "nodes beyond the maximum during a group update; resources created outside this plan: secrets, hosted zones, images";
        yield return "taxes, AWS Support, free tier; Savings Plans and reservations, which lower the bill";

        bool Has(string type) => graph.Resources.Any(resource => resource.Type == type);
    }
}
