using System.Globalization;
using HaCluster.Simulation.Running;
using HaCluster.Twin.Aws.Protocols;
using static HaCluster.Twin.Aws.Protocols.XmlAnswers;

namespace HaCluster.Twin.Aws.Services;

/// <summary>Proxies and snapshots of databases: the proxies that the plan declares, and snapshots that take a minute.</summary>
internal sealed class DatabaseExtras(Account account)
{
    private static readonly TimeSpan SnapshotTime = TimeSpan.FromMinutes(1);

    private readonly SortedDictionary<string, (string Database, TimeSpan At, IReadOnlyList<(string Key, string Value)> Tags)> _snapshots = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<object?> Answer(ClusterRun run, AwsCall call)
    {
        switch (call.Operation)
        {
            case "DescribeDBProxies":
                return [List("DBProxies", "member", run.Model.Databases.Where(one => one.HasProxy).Select(one => new object?[] { El("DBProxyName", one.Name), El("Status", "available") }))];
            case "DescribeDBProxyTargets":
                return [List("Targets", "member", [[El("RdsResourceId", call.Get("DBProxyName")), El("Type", "TRACKED_CLUSTER"), El("Role", "READ_WRITE")]])];
            case "CreateDBClusterSnapshot":
                return [El("DBClusterSnapshot", Create(run, call))];
            case "DescribeDBClusterSnapshots":
                return Snapshots(run, call);
            default:
                throw ServiceTable.Unknown(call);
        }
    }

    private object?[] Create(ClusterRun run, AwsCall call)
    {
        var (name, snapshot) = (call.Get("DBClusterIdentifier"), call.Get("DBClusterSnapshotIdentifier"));
        if (!run.Model.Databases.Any(database => string.Equals(database.Name, name, StringComparison.OrdinalIgnoreCase)))
            throw new AwsException("DBClusterNotFoundFault", $"DBCluster {name} not found.", 404);
        var tags = Enumerable.Range(1, 50).TakeWhile(at => call.Find($"Tags.Tag.{at}.Key") is not null).Select(at => (call.Get($"Tags.Tag.{at}.Key"), call.Find($"Tags.Tag.{at}.Value") ?? "")).ToList();
        if (!_snapshots.TryAdd(snapshot, (name, run.Now, tags)))
            throw new AwsException("DBClusterSnapshotAlreadyExistsFault", $"Cannot create the DB cluster snapshot because one with the identifier {snapshot} already exists.");
        return Describe(run, snapshot);
    }

    private IEnumerable<object?> Snapshots(ClusterRun run, AwsCall call)
    {
        var wanted = call.Find("DBClusterSnapshotIdentifier") is not { } name ? [.. _snapshots.Keys]
            : _snapshots.ContainsKey(name) ? (IReadOnlyList<string>)[name]
            : throw new AwsException("DBClusterSnapshotNotFoundFault", $"DBClusterSnapshot {name} not found.", 404);
        var (page, next) = Paging.Of(wanted, call.Find("Marker"), call.Number("MaxRecords"));
        return [List("DBClusterSnapshots", "DBClusterSnapshot", page.Select(one => Describe(run, one))), next is null ? null : El("Marker", next)];
    }

    private object?[] Describe(ClusterRun run, string name)
    {
        var (database, at, tags) = _snapshots[name];
        var isDone = run.Now - at >= SnapshotTime;
        return
        [
            El("DBClusterSnapshotIdentifier", name), El("DBClusterIdentifier", database), El("SnapshotType", "manual"), El("Status", isDone ? "available" : "creating"),
            El("PercentProgress", (isDone ? 100 : (int)(100 * ((run.Now - at) / SnapshotTime))).ToString(CultureInfo.InvariantCulture)), El("SnapshotCreateTime", Account.Iso(account.At(at))),
            List("TagList", "Tag", tags.Select(tag => new object?[] { El("Key", tag.Key), El("Value", tag.Value) })),
        ];
    }
}
