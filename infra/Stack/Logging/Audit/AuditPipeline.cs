using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Logging.Search;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Logging;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Audit;

/// <summary>Input of <see cref="AuditPipeline"/>.</summary>
public sealed record AuditPipelineArgs
{
    public required LoggingSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    /// <summary>Role for all it does, from <see cref="AuditPipeline.CreateRole"/>.</summary>
    public required Aws.Iam.Role Role { get; init; }

    /// <summary>Brings the records to its bucket.</summary>
    public required AuditTrail Trail { get; init; }

    public required AuditQueue Queue { get; init; }

    /// <summary>Encrypts bucket and queue.</summary>
    public required Output<string> KeyArn { get; init; }

    public required Output<string> DomainArn { get; init; }

    /// <summary>Host of OpenSearch.</summary>
    public required Output<string> Endpoint { get; init; }

    /// <summary>Topic for the alarm when records do not arrive.</summary>
    public required Output<string> TopicArn { get; init; }

    /// <summary>What must be there before the first record: roles and templates, or OpenSearch would index by guesses.</summary>
    public required ImmutableArray<Resource> After { get; init; }
}

/// <summary>
/// Makes audit records searchable: Amazon OpenSearch Ingestion reads each object that the trail leaves in its bucket and sends its records to
/// OpenSearch. AWS runs it, outside the cluster, as the trail is: an intruder has no pod to stop. It has units in two zones, three from three units on.
/// </summary>
/// <remarks>
/// There is no persistent buffer, which AWS offers for push sources only: the bucket and the queue serve as the buffer. Data Prepper
/// or Vector in the cluster would do the same for less money, but on the nodes that the records are about. AWS does not offer it for buckets and domains in regions that an account has to
/// opt in to (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ingestion-limitations.html).
/// </remarks>
public sealed class AuditPipeline : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:AuditPipeline";

    /// <summary>Name of its role.</summary>
    public const string RoleName = "audit-pipeline";

    private const int Https = SearchDomain.Https;

    private readonly AuditPipelineArgs _args;

    public AuditPipeline(string name, AuditPipelineArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var foundation = args.Foundation;
        var scope = foundation.Scope;
        var settings = args.Settings;
        var permission = Permit();
        var logs = CreateLogs();
        var (group, ways) = CreateSecurityGroup(name);
        ImmutableArray<Resource> before = [permission, args.Queue, .. ways, .. args.After];
        var pipeline = new Aws.OpenSearchIngest.Pipeline(
            name,
            new Aws.OpenSearchIngest.PipelineArgs
            {
                PipelineName = AuditPipelineName.Of(scope.ClusterName),
                MinUnits = settings.AuditSearch.MinUnits,
                MaxUnits = settings.AuditSearch.MaxUnits,
                PipelineConfigurationBody = Output.Tuple(args.Queue.Queue.Url, args.Trail.Bucket.Name, args.Role.Arn, args.Endpoint)
                    .Apply(found => new AuditPipelineConfig(found.Item1, found.Item2, found.Item3, found.Item4, scope.Account.Region).ToString()),
                VpcOptions = new Aws.OpenSearchIngest.Inputs.PipelineVpcOptionsArgs
                {
                    SubnetIds = foundation.Network.PrivateSubnetIds.Apply(ids => ids.Take(settings.Search.Zones).ToImmutableArray()),
                    SecurityGroupIds = { group.Id },
                },
                LogPublishingOptions = new Aws.OpenSearchIngest.Inputs.PipelineLogPublishingOptionsArgs
                {
                    IsLoggingEnabled = true,
                    CloudwatchLogDestination = new Aws.OpenSearchIngest.Inputs.PipelineLogPublishingOptionsCloudwatchLogDestinationArgs { LogGroup = logs.Name },
                },
                Tags = scope.Tags.Named(AuditPipelineName.Of(scope.ClusterName)),
            },
            new CustomResourceOptions { Parent = this, DependsOn = before });
        foreach (var alarm in Alarms(settings.AuditSearch))
            new AuditMeter("AWS/OSIS", "PipelineName", pipeline.PipelineName).Watch(alarm, scope, args.TopicArn, this);
        RegisterOutputs(new Dictionary<string, object?> { ["arn"] = pipeline.PipelineArn });
    }

    /// <summary>The role on its own: it is named where the domain is declared.</summary>
    public static Aws.Iam.Role CreateRole(StackScope scope, Resource parent) => ServiceRole.Create(
        RoleName,
        scope,
        "osis-pipelines",
        "Makes audit records searchable",
        scope.Account.Arn("osis", $"pipeline/{AuditPipelineName.Of(scope.ClusterName)}"),
        parent);

    /// <summary>Those of https://docs.aws.amazon.com/opensearch-service/latest/developerguide/osis-best-practices.html that fit what it does.</summary>
    private static ImmutableArray<SearchAlarm> Alarms(AuditSearchSettings settings) =>
    [
        new("audit-rejected", Metric("opensearch.s3.dlqS3RecordsSuccess.count"), "Sum", SearchAlarm.AtLeast, 1, 1, 300,
            $"OpenSearch rejects audit records. They are kept in the bucket of the audit trail under {AuditPipelineConfig.Rejected}, each with the reason."),
        new("audit-lost", Metric("opensearch.s3.dlqS3RecordsFailed.count"), "Sum", SearchAlarm.AtLeast, 1, 1, 300,
            $"OpenSearch rejects audit records and the pipeline cannot store them in its bucket. Check the role {RoleName} and the key. The originals are under {AuditRecords.Prefix}."),
        new("audit-unread", Metric("s3.s3ObjectsFailed.count"), "Sum", SearchAlarm.AtLeast, 1, 3, 300,
            $"The pipeline cannot read objects of the audit trail. Check the role {RoleName}, the key and the log of the pipeline."),
        new("audit-full", "computeUnits", "Maximum", SearchAlarm.AtLeast, settings.MaxUnits, 3, 900,
            "The pipeline of audit records runs at its maximum number of units: raise ha-cluster:logging.audit.maxUnits."),
    ];

    private static string Metric(string suffix) => $"{AuditPipelineConfig.Name}.{suffix}";

    private Aws.Iam.RolePolicy Permit() => new(
        RoleName,
        new Aws.Iam.RolePolicyArgs
        {
            Name = RoleName,
            Role = _args.Role.Name,
            Policy = Output.Tuple(_args.Queue.Queue.Arn, _args.Trail.Bucket.Arn, _args.KeyArn, _args.DomainArn).Apply(found => PolicyDocument.Json(
                AuditPipelineRole.ReadQueue(found.Item1),
                AuditPipelineRole.Read(found.Item2),
                AuditPipelineRole.List(found.Item2),
                AuditPipelineRole.Reject(found.Item2),
                AuditPipelineRole.Encrypt(found.Item3),
                AuditPipelineRole.Find(found.Item4),
                AuditPipelineRole.SearchApi(found.Item4))),
        },
        new CustomResourceOptions { Parent = this });

    private Aws.CloudWatch.LogGroup CreateLogs()
    {
        var scope = _args.Foundation.Scope;
        var name = new LogGroupNames(scope.ClusterName).AuditPipeline;
        return new Aws.CloudWatch.LogGroup(
            RoleName,
            new Aws.CloudWatch.LogGroupArgs
            {
                Name = name,
                RetentionInDays = _args.Settings.SearchLogDays,
                KmsKeyId = _args.Foundation.Keys.Logs.Arn,
                Tags = scope.Tags.Named(name),
            },
            new CustomResourceOptions { Parent = this });
    }

    // Nothing sends to the pipeline, so there is no inbound rule. Its HTTPS connections go to the domain, whose group allows these subnets, to S3 and to SQS.
    private (Aws.Ec2.SecurityGroup Group, Resource[] Ways) CreateSecurityGroup(string name)
    {
        var scope = _args.Foundation.Scope;
        var group = new Aws.Ec2.SecurityGroup(
            name,
            new Aws.Ec2.SecurityGroupArgs
            {
                Name = scope.NameOf(name),
                Description = "Pipeline of audit records",
                VpcId = _args.Foundation.Network.VpcId,
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });
        var https = new Aws.Vpc.SecurityGroupEgressRule(
            name,
            new Aws.Vpc.SecurityGroupEgressRuleArgs
            {
                SecurityGroupId = group.Id,
                Description = "HTTPS to OpenSearch, S3 and SQS",
                CidrIpv4 = "0.0.0.0/0",
                IpProtocol = "tcp",
                FromPort = Https,
                ToPort = Https,
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });
        return (group, [https]);
    }
}

/// <summary>Names the pipeline after the cluster.</summary>
public static class AuditPipelineName
{
    /// <summary><c>CLUSTER-audit</c>, or what is left of it in the 28 characters of a pipeline.</summary>
    public static string Of(string cluster) => ShortName.Of(cluster, "audit");
}
