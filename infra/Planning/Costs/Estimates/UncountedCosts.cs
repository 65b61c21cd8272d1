using System.Globalization;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>What costs money and is in no sum, so that nobody takes the sum for the bill.</summary>
internal static class UncountedCosts
{
    private const string Exporter = "cloudwatch-exporter";

    public static IEnumerable<string> Of(ResourceGraph graph, string region, PriceList prices)
    {
        // EKS extends by itself unless told not to.
        foreach (var cluster in graph.Resources.Where(resource => resource.Type == "aws:eks/cluster:Cluster"))
        {
            if (cluster.Inputs.At("upgradePolicy", "supportType").Text() == "STANDARD")
                continue;
            var usd = prices.Find(region, "eks:extended-support")?.Usd.ToString(CultureInfo.InvariantCulture) ?? "more";
            var version = cluster.Inputs.At("version").Text();
            yield return $"extended support: {usd} USD an hour once standard support of Kubernetes {version} has ended";
        }

        if (graph.Resources.Any(resource => resource.Inputs.At("capacityType").Text() == "SPOT"))
            yield return "how spot prices move: a spot group is priced as its first type, at what that saved on average";
        if (Has("aws:kms/key:Key"))
            yield return "rotation of keys: a key costs 1 USD a month more after its first rotation, and again after its second";
        if (Has("aws:s3/bucket:Bucket"))
            yield return "reads of S3, its archive classes and the moves between classes";
        if (graph.Resources.Any(resource => resource.Inputs.At("chart").Text()?.Contains(Exporter, StringComparison.Ordinal) == true))
            yield return "the metrics exporter's own requests to CloudWatch (0.01 USD for 1,000 metrics)";
        if (Has("aws:rds/clusterInstance:ClusterInstance"))
            yield return "enhanced monitoring of databases beyond the logs assumed above; exports of snapshots";
        yield return "mails and messages of SNS, DNS queries, traffic to other regions and accounts";
        yield return "nodes beyond the maximum while a group is updated; what you made outside this plan: secrets, hosted zones, images";
        yield return "taxes, AWS Support, free tier; Savings Plans and reservations, which lower it";

        bool Has(string type) => graph.Resources.Any(resource => resource.Type == type);
    }
}
