using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Estimates;

/// <summary>What costs money and is in no sum, so that nobody takes the sum for the bill.</summary>
internal static class UncountedCosts
{
    public static IEnumerable<string> Of(ResourceGraph graph)
    {
        foreach (var cluster in graph.Resources.Where(resource => resource.Type == "aws:eks/cluster:Cluster" && resource.Inputs.At("upgradePolicy", "supportType").Text() != "STANDARD"))
            yield return $"extended support: the control plane costs six times as much once standard support of Kubernetes {cluster.Inputs.At("version").Text() ?? "its version"} has ended";
        if (Has("aws:kms/key:Key"))
            yield return "rotation of keys: a key costs 1 USD a month more after its first rotation, and again after its second";
        if (Has("aws:s3/bucket:Bucket"))
            yield return "reads of S3, its archive classes and the moves between classes";
        if (graph.Resources.Any(resource => (resource.Inputs.At("chart").Text() ?? "").Contains("cloudwatch-exporter", StringComparison.Ordinal)))
            yield return "the metrics exporter's own requests to CloudWatch (0.01 USD for 1,000 metrics)";
        if (Has("aws:rds/clusterInstance:ClusterInstance"))
            yield return "enhanced monitoring of databases beyond the logs assumed above; exports of snapshots";
        yield return "mails and messages of SNS, DNS queries, traffic to other regions and accounts";
        yield return "nodes beyond the maximum while a group is updated; what you made outside this plan: secrets, hosted zones, images";
        yield return "taxes, AWS Support, free tier; Savings Plans and reservations, which lower it";

        bool Has(string type) => graph.Resources.Any(resource => resource.Type == type);
    }
}
