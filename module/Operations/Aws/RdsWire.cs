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

    public Task<ImmutableArray<string>> ListSingleInstancesAsync(string cluster, CancellationToken cancellationToken) => AwsErrors.TranslateAsync("database instances", async () =>
    {
        var ownership = new ClusterOwnership(cluster, []);
        return (await InstancesAsync([], cancellationToken)).Values
            .Where(xml => xml.Text("DBClusterIdentifier") is null or "" && ownership.Owns(xml.TagsOf("TagList")))
            .Select(xml => xml.Text("DBInstanceIdentifier") ?? "").Order(StringComparer.Ordinal).ToImmutableArray();
    });

    public Task FailOverAsync(string identifier, string? target, CancellationToken cancellationToken) => AwsErrors.TranslateAsync(
        $"database cluster {identifier}",
        () => Query.CallAsync(
            "FailoverDBCluster",
            target is null ? [("DBClusterIdentifier", identifier)] : [("DBClusterIdentifier", identifier), ("TargetDBInstanceIdentifier", target)],
            cancellationToken));

    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxyTarget.html
    public Task<ImmutableArray<string>> ListProxiedAsync(CancellationToken cancellationToken) => AwsErrors.TranslateAsync("database proxies", async () =>
    {
        var proxied = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        await foreach (var proxies in Query.PagesAsync("DescribeDBProxies", [("MaxRecords", "100")], "Marker", "Marker", cancellationToken))
        {
            foreach (var name in proxies.List("DBProxies").Where(proxy => proxy.Text("Status") == "available").Select(proxy => proxy.Text("DBProxyName") ?? ""))
            {
                await foreach (var targets in Query.PagesAsync("DescribeDBProxyTargets", [("DBProxyName", name), ("MaxRecords", "100")], "Marker", "Marker", cancellationToken))
                    proxied.UnionWith(targets.List("Targets").Where(target => target.Text("Type") == "TRACKED_CLUSTER").Select(target => target.Text("RdsResourceId") ?? ""));
            }
        }

        return proxied.ToImmutableArray();
    });

    public Task CreateSnapshotAsync(string identifier, string snapshot, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken) => AwsErrors.TranslateAsync(
        $"database cluster {identifier}",
        () => Query.CallAsync(
            "CreateDBClusterSnapshot",
            [
                ("DBClusterIdentifier", identifier), ("DBClusterSnapshotIdentifier", snapshot),
                .. tags.SelectMany((tag, at) => new[] { ($"Tags.Tag.{at + 1}.Key", tag.Key), ($"Tags.Tag.{at + 1}.Value", tag.Value) }),
            ],
            cancellationToken));

    public Task<DatabaseSnapshot?> FindSnapshotAsync(string snapshot, CancellationToken cancellationToken) => AwsErrors.FindAsync($"database snapshot {snapshot}", async () =>
        (await Query.CallAsync("DescribeDBClusterSnapshots", [("DBClusterSnapshotIdentifier", snapshot)], cancellationToken)).List("DBClusterSnapshots").Select(Snapshot).FirstOrDefault());

    public Task<ImmutableArray<DatabaseSnapshot>> ListSnapshotsAsync(string cluster, CancellationToken cancellationToken) => AwsErrors.TranslateAsync("database snapshots", async () =>
    {
        var ownership = new ClusterOwnership(cluster, []);
        var found = ImmutableArray.CreateBuilder<DatabaseSnapshot>();
        await foreach (var page in Query.PagesAsync("DescribeDBClusterSnapshots", [("SnapshotType", "manual"), ("MaxRecords", "100")], "Marker", "Marker", cancellationToken))
            found.AddRange(page.List("DBClusterSnapshots").Where(snapshot => ownership.Owns(snapshot.Tags("TagList"))).Select(Snapshot));
        return found.ToImmutable();
    });

    private static DatabaseSnapshot Snapshot(XElement xml) => new(
        xml.Text("DBClusterSnapshotIdentifier") ?? "", xml.Text("DBClusterIdentifier") ?? "", xml.Text("Status") ?? "", xml.Int("PercentProgress"));

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
