using System.Globalization;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Twin.Aws.Protocols;
using static HaCluster.Twin.Aws.Protocols.XmlAnswers;

namespace HaCluster.Twin.Aws.Services;

/// <summary>https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/</summary>
internal sealed class Rds(Account account)
{
    private const string Available = "available", FailingOver = "failing-over";

    private readonly DatabaseExtras _extras = new(account);

    public IEnumerable<object?> Answer(AwsCall call) => account.World.Act(run => (object?[])[.. Answer(run, call)]);

    private IEnumerable<object?> Answer(ClusterRun run, AwsCall call)
    {
        switch (call.Operation)
        {
            case "DescribeDBClusters":
                return Clusters(run, call);
            case "DescribeDBInstances":
                return Instances(run, call);
            case "FailoverDBCluster":
                var database = Find(run, call.Get("DBClusterIdentifier"));
                Fail(run, database, call.Find("TargetDBInstanceIdentifier"));
                return [El("DBCluster", Describe(run, database))];
            case "RebootDBInstance":
                return Reboot(run, call);
            default:
                return _extras.Answer(run, call);
        }
    }

    private IEnumerable<object?> Clusters(ClusterRun run, AwsCall call)
    {
        IReadOnlyList<Database> wanted = call.Find("DBClusterIdentifier") is { } name ? [Find(run, name)] : run.Model.Databases;
        var (page, next) = Paging.Of(wanted, call.Find("Marker"), call.Number("MaxRecords"));
        return [List("DBClusters", "DBCluster", page.Select(database => Describe(run, database))), next is null ? null : El("Marker", next)];
    }

    private IEnumerable<object?> Instances(ClusterRun run, AwsCall call)
    {
        var all = run.Model.Databases.SelectMany(database => database.Instances.Select(instance => (Database: database, Instance: instance))).ToList();
        if (call.Find("DBInstanceIdentifier") is { } name)
        {
            all.RemoveAll(one => !Is(one.Instance.Name, name));
            if (all.Count == 0)
                throw NoInstance(name);
        }

        foreach (var (filter, values) in call.Filters())
        {
            if (filter is not ("db-cluster-id" or "db-instance-id"))
                throw new AwsException("InvalidParameterValue", $"Unrecognized filter name: {filter}");
            all.RemoveAll(one => !values.Any(value => Is(filter == "db-cluster-id" ? one.Database.Name : one.Instance.Name, value)));
        }

        var (page, next) = Paging.Of(all, call.Find("Marker"), call.Number("MaxRecords"));
        return [List("DBInstances", "DBInstance", page.Select(one => Describe(run, one.Database, one.Instance))), next is null ? null : El("Marker", next)];
    }

    private object?[] Describe(ClusterRun run, Database database)
    {
        var resource = account.All("aws:rds/cluster:Cluster").FirstOrDefault(one => (one.Inputs.At("clusterIdentifier").Text() ?? one.Name) == database.Name);
        var now = run.DatabaseOf(database);
        return
        [
            El("DBClusterIdentifier", database.Name), El("DBClusterArn", account.Arn("rds", $"cluster:{database.Name}")), El("Engine", database.Engine),
            El("EngineVersion", resource?.Inputs.At("engineVersion").Text() ?? ""), El("Status", now.Next is null ? Available : FailingOver), El("MultiAZ", database.Instances.Length > 1 ? "true" : "false"),
            El("Endpoint", $"{database.Name}.cluster-twin.{account.Region}.rds.amazonaws.com"), El("ReaderEndpoint", $"{database.Name}.cluster-ro-twin.{account.Region}.rds.amazonaws.com"),
            El("Port", database.Engine.Contains("mysql", StringComparison.Ordinal) ? "3306" : "5432"), El("DatabaseName", resource?.Inputs.At("databaseName").Text() ?? ""),
            El("AvailabilityZones", account.Zones.Select(zone => El("AvailabilityZone", zone))),
            List("DBClusterMembers", "DBClusterMember", database.Instances.Select(instance => new object?[]
            {
                El("DBInstanceIdentifier", instance.Name), El("IsClusterWriter", instance.Name == now.Writer ? "true" : "false"), El("DBClusterParameterGroupStatus", "in-sync"),
                El("PromotionTier", instance.Tier.ToString(CultureInfo.InvariantCulture)),
            })),
            El("StorageEncrypted", "true"), El("DeletionProtection", resource?.Inputs.At("deletionProtection").IsTrue() == true ? "true" : "false"),
            El("ClusterCreateTime", Account.Iso(account.At(TimeSpan.Zero))),
            List("TagList", "Tag", Account.Tags(resource).Select(tag => new object?[] { El("Key", tag.Key), El("Value", tag.Value) })),
        ];
    }

    private object?[] Describe(ClusterRun run, Database database, DatabaseInstance instance)
    {
        ResourceNode? resource = account.All("aws:rds/clusterInstance:ClusterInstance").FirstOrDefault(one => (one.Inputs.At("identifier").Text() ?? one.Name) == instance.Name);
        return
        [
            El("DBInstanceIdentifier", instance.Name), El("DBInstanceArn", account.Arn("rds", $"db:{instance.Name}")), El("DBClusterIdentifier", database.Name),
            El("DBInstanceClass", resource?.Inputs.At("instanceClass").Text() ?? "db.r7g.large"), El("Engine", database.Engine),
            El("DBInstanceStatus", run.DatabaseOf(database).Next == instance.Name ? "rebooting" : Available),
            El("AvailabilityZone", instance.Zone ?? account.Zones.FirstOrDefault() ?? ""), El("PromotionTier", instance.Tier.ToString(CultureInfo.InvariantCulture)),
            El("Endpoint", El("Address", $"{instance.Name}.twin.{account.Region}.rds.amazonaws.com"), El("Port", database.Engine.Contains("mysql", StringComparison.Ordinal) ? "3306" : "5432")),
            El("InstanceCreateTime", Account.Iso(account.At(TimeSpan.Zero))), El("MultiAZ", "false"), El("StorageEncrypted", "true"),
            List("TagList", "Tag", Account.Tags(resource).Select(tag => new object?[] { El("Key", tag.Key), El("Value", tag.Value) })),
        ];
    }

    /// <summary>The writer fails over when it is rebooted, and a reader is only restarted; a failover cannot be asked for here (Aurora).</summary>
    private IEnumerable<object?> Reboot(ClusterRun run, AwsCall call)
    {
        var name = call.Get("DBInstanceIdentifier");
        var database = run.Model.Databases.FirstOrDefault(one => one.Instances.Any(instance => Is(instance.Name, name))) ?? throw NoInstance(name);
        if (call.IsTrue("ForceFailover"))
            throw new AwsException("InvalidParameterCombination", "Cannot force failover for an instance of an Aurora cluster: use FailoverDBCluster");
        var instance = database.Instances.First(one => Is(one.Name, name));
        return [El("DBInstance", Describe(run, database, instance))];
    }

    private static void Fail(ClusterRun run, Database database, string? target)
    {
        var now = run.DatabaseOf(database);
        if (now.Next is not null)
            throw new AwsException("InvalidDBClusterStateFault", $"DB cluster {database.Name} is in state {FailingOver}, not {Available}.");
        if (target is not null && !database.Instances.Any(instance => Is(instance.Name, target)))
            throw new AwsException("InvalidDBInstanceState", $"DB instance {target} is not a member of DB cluster {database.Name}.");
        if (target is not null && Is(now.Writer, target))
            throw new AwsException("InvalidDBInstanceState", $"DB instance {target} is the writer already.");
        if (database.Instances.Length < 2)
            throw new AwsException("InvalidDBClusterStateFault", $"DB cluster {database.Name} has no reader to fail over to.");
        run.Apply(new Change.DatabaseFailedOver(database.Name, database.Instances.FirstOrDefault(instance => target is not null && Is(instance.Name, target))?.Name));
    }

    private static Database Find(ClusterRun run, string name) => run.Model.Databases.FirstOrDefault(database => Is(database.Name, name))
        ?? throw new AwsException("DBClusterNotFoundFault", $"DBCluster {name} not found.", 404);

    private static AwsException NoInstance(string name) => new("DBInstanceNotFound", $"DBInstance {name} not found.", 404);

    /// <summary>Identifiers are compared without case.</summary>
    private static bool Is(string own, string given) => string.Equals(own, given, StringComparison.OrdinalIgnoreCase);
}
