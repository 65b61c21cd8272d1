using System.Collections.Immutable;
using System.Xml.Linq;
using HaCluster.Account.Use;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>RDS (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/).</summary>
internal sealed class RdsWire(AwsConnection connection) : IDatabases
{
    private QueryProtocol Query => connection.Query(AwsService.Rds);

    public Task<ImmutableArray<DatabaseCluster>> ListAsync(string cluster, IReadOnlyCollection<string> identifiers, CancellationToken cancellationToken) =>
        AwsErrors.TranslateAsync("database clusters", async () =>
        {
            var ownership = new ClusterOwnership(cluster, identifiers);
            var instances = await InstancesAsync([], cancellationToken);
            var found = ImmutableArray.CreateBuilder<DatabaseCluster>();
            await foreach (var page in Query.PagesAsync("DescribeDBClusters", [("MaxRecords", "100")], "Marker", "Marker", cancellationToken))
            {
                found.AddRange(page.List("DBClusters").Select(xml => Cluster(xml, instances))
                    .Where(one => ownership.Owns(one.Tags) || identifiers.Contains(one.Identifier, StringComparer.OrdinalIgnoreCase)));
            }

            return found.ToImmutable();
        });

    public Task<DatabaseCluster?> FindAsync(string identifier, CancellationToken cancellationToken) => AwsErrors.FindAsync($"database cluster {identifier}", async () =>
    {
        var answer = await Query.CallAsync("DescribeDBClusters", [("DBClusterIdentifier", identifier)], cancellationToken);
        return answer.List("DBClusters").FirstOrDefault() is { } xml
            ? Cluster(xml, await InstancesAsync([("Filters.Filter.1.Name", "db-cluster-id"), ("Filters.Filter.1.Values.Value.1", identifier)], cancellationToken))
            : null;
    });

    public Task FailOverAsync(string identifier, string? target, CancellationToken cancellationToken) => AwsErrors.TranslateAsync(
        $"database cluster {identifier}",
        () => Query.CallAsync(
            "FailoverDBCluster",
            target is null ? [("DBClusterIdentifier", identifier)] : [("DBClusterIdentifier", identifier), ("TargetDBInstanceIdentifier", target)],
            cancellationToken));

    private async Task<Dictionary<string, XElement>> InstancesAsync((string, string)[] filters, CancellationToken cancellationToken)
    {
        var instances = new Dictionary<string, XElement>(StringComparer.OrdinalIgnoreCase);
        await foreach (var page in Query.PagesAsync("DescribeDBInstances", [("MaxRecords", "100"), .. filters], "Marker", "Marker", cancellationToken))
        {
            foreach (var xml in page.List("DBInstances"))
                instances[xml.Text("DBInstanceIdentifier") ?? ""] = xml;
        }

        return instances;
    }

    private static DatabaseCluster Cluster(XElement xml, Dictionary<string, XElement> instances) => new(
        xml.Text("DBClusterIdentifier") ?? "",
        xml.Text("DBClusterArn") ?? "",
        xml.Text("Engine") ?? "",
        xml.Text("EngineVersion") ?? "",
        xml.Text("Status") ?? "",
        xml.Text("Endpoint") ?? "",
        xml.Text("ReaderEndpoint") ?? "",
        [
            .. xml.List("DBClusterMembers").Select(member =>
            {
                var name = member.Text("DBInstanceIdentifier") ?? "";
                var instance = instances.GetValueOrDefault(name);
                return new DatabaseMember(
                    name, member.Text("IsClusterWriter") == "true", member.Int("PromotionTier"), instance?.Text("AvailabilityZone") ?? "", instance?.Text("DBInstanceClass") ?? "",
                    instance?.Text("DBInstanceStatus") ?? "");
            }),
        ],
        xml.TagsOf("TagList"));
}
