using System.Collections.Immutable;
using HaCluster.Planning.Costs.Estimates;

namespace HaCluster.Planning.Costs.Usage;

/// <summary>All usage assumptions. The amounts are round guesses for a small company, meant to be overridden.</summary>
public static class UsageCatalog
{
    public static readonly UsageAmount CrossZoneTraffic =
        new("cross-zone-gb", 1000, "transfer:cross-zone", "traffic between zones", "GB sent from one zone to another; AWS bills both ends");

    public static readonly UsageAmount Egress = new("egress-gb", 200, "transfer:out", "traffic to the internet", "GB sent to the internet");

    public static readonly UsageAmount NatTraffic = new("nat-gb", 200, "nat:gb", "traffic through NAT gateways", "GB through NAT gateways");

    public static readonly UsageAmount EndpointTraffic =
        new("endpoint-gb", 300, "endpoint:gb", "traffic through interface endpoints", "GB through interface endpoints");

    public static readonly UsageAmount NetworkBalancerUnits =
        new("nlb-units", 1, "nlb:lcu", "capacity units", "capacity units (LCU) of each NLB, on average");

    public static readonly UsageAmount ApplicationBalancerUnits =
        new("alb-units", 1, "alb:lcu", "capacity units", "capacity units (LCU) of each ALB, on average");

    public static readonly UsageAmount LogsIngested =
        new("logs-gb", 50, "logs:ingested", "logs ingested by CloudWatch", "GB of logs into CloudWatch");

    public static readonly UsageAmount LogsKept =
        new("logs-kept-gb", 100, "logs:stored", "logs stored in CloudWatch", "GB of logs stored in CloudWatch, compressed");

    public static readonly UsageAmount Snapshots =
        new("snapshot-percent", 60, "ebs:snapshot", "snapshots of volumes", "percent of the volumes' size in all their snapshots");

    public static readonly UsageAmount DatabaseStorage = new("database-gb", 50, "aurora:storage", "storage", "GB in each Aurora cluster");

    public static readonly UsageAmount DatabaseIo =
        new("database-io-millions", 50, "aurora:io", "storage reads and writes", "million storage reads and writes, each cluster");

    public static readonly UsageAmount DatabaseBackups =
        new("database-backup-gb", 50, "aurora:backup", "backups", "GB of backups beyond the free size, each Aurora cluster");

    public static readonly UsageAmount ObjectStorage =
        new("s3-gb", 200, "s3:storage", "storage in S3", "GB in all buckets, as if all were of the standard class");

    public static readonly UsageAmount ObjectWrites = new("s3-write-thousands", 500, "s3:put", "writes to S3", "thousand writes to S3");

    public static readonly UsageAmount Images = new("ecr-gb", 10, "ecr:storage", "images in ECR", "GB of images");

    public static readonly UsageAmount Firehose =
        new("firehose-gb", 30, "firehose:gb", "records through Firehose", "GB through each delivery stream");

    public static readonly UsageAmount KeyRequests =
        new("kms-ten-thousands", 100, "kms:requests", "requests to KMS", "times 10,000 requests to KMS");

    public static readonly UsageAmount SecretRequests =
        new("secret-ten-thousands", 20, "secrets:requests", "requests to Secrets Manager", "times 10,000 requests to Secrets Manager");

    public static readonly UsageAmount QueueRequests =
        new("queue-millions", 5, "sqs:requests", "requests to queues", "million requests to all queues");

    public static readonly UsageAmount FirewallRequests =
        new("waf-millions", 10, "waf:requests", "requests inspected", "million requests to each web ACL");

    /// <summary>In the order of the bill's surprises.</summary>
    public static readonly ImmutableArray<UsageAmount> All =
    [
        CrossZoneTraffic, Egress, NatTraffic, EndpointTraffic, NetworkBalancerUnits, ApplicationBalancerUnits,
        LogsIngested, LogsKept, Snapshots, DatabaseStorage, DatabaseIo, DatabaseBackups, ObjectStorage, ObjectWrites, Images,
        Firehose, KeyRequests, SecretRequests, QueueRequests, FirewallRequests,
    ];
}

/// <summary>An amount that an estimate assumed, and its cost.</summary>
public sealed record AssumedUsage(UsageAmount Of, decimal Amount, CostRange Monthly);

/// <summary>Usage that is charged by amount and that no plan declares.</summary>
/// <param name="Name">Its name in <c>--assume</c>: <c>nat-gb</c>.</param>
/// <param name="Default">The amount that is assumed unless overridden.</param>
/// <param name="Item">Its price.</param>
/// <param name="What">The item that is charged.</param>
/// <param name="Measure">The unit of the amount.</param>
public sealed record UsageAmount(string Name, decimal Default, string Item, string What, string Measure);
