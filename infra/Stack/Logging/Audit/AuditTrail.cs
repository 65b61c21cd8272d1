using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Logging.Search;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Storage;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Audit;

/// <summary>Input of <see cref="AuditTrail"/>.</summary>
public sealed record AuditTrailArgs
{
    public required LoggingSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    /// <summary>Encrypts the copies.</summary>
    public required Output<string> KeyArn { get; init; }

    /// <summary>Role that it delivers with.</summary>
    public required Aws.Iam.Role Role { get; init; }

    /// <summary>Topic that is told when records do not arrive.</summary>
    public required Output<string> TopicArn { get; init; }
}

/// <summary>
/// The audit log of the Kubernetes API, from CloudWatch to S3. No pod is on its way: what an intruder in the cluster does is written down
/// outside it.
/// </summary>
/// <remarks>
/// <para>OpenSearch does not get it yet: Amazon Data Firehose hands the batches of CloudWatch to OpenSearch as one document each, which is
/// refused (https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs.html). Until a pipeline reads the bucket, it is searched
/// in CloudWatch Logs Insights.</para>
/// <para>The bucket has versions and no lock: whether Firehose can write where S3 demands a checksum of each object is documented nowhere, and a
/// copy that never arrives is worse than one that an administrator of the account could delete.</para>
/// </remarks>
public sealed class AuditTrail : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:AuditTrail";

    /// <summary>Name of the role that it delivers with.</summary>
    public const string RoleName = "audit-stream";

    private const int BufferSeconds = 60;
    private const int BufferMegabytes = 5;
    private const int LateSeconds = 3600;

    // A month in which somebody may look, and the time that the colder class is paid for in any case.
    private const int ColdAfterDays = 30;
    private const int LeastColdDays = 90;

    // Where it writes what it could not copy.
    private const string CopyStream = "copy";

    private readonly AuditTrailArgs _args;

    public AuditTrail(string name, AuditTrailArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var scope = args.Foundation.Scope;
        var bucket = new PrivateBucket(
            name,
            new PrivateBucketArgs
            {
                Scope = scope,
                Content = "audit",
                KeyArn = args.KeyArn,
                Lifecycle = new BucketLifecycle
                {
                    Transitions = args.Settings.AuditArchiveDays >= ColdAfterDays + LeastColdDays ? [(ColdAfterDays, "GLACIER_IR")] : [],
                    ExpireAfterDays = args.Settings.AuditArchiveDays,
                },
            },
            new ComponentResourceOptions { Parent = this });
        var (logs, logStream) = CreateLogs();
        var permission = Permit(bucket, logs);
        var stream = CreateStream(name, bucket, logs, [logStream, permission, bucket]);
        Subscribe(stream);
        Watch(stream);
        RegisterOutputs();
    }

    /// <summary>The role that it delivers with, on its own: it is named where the domain is declared.</summary>
    public static Aws.Iam.Role CreateRole(StackScope scope, Resource parent) => ServiceRole.Create(
        RoleName, scope, "firehose", "Brings audit records to OpenSearch", scope.Account.Arn("firehose", $"deliverystream/{scope.NameOf("audit")}"), parent);

    private (Aws.CloudWatch.LogGroup Group, Aws.CloudWatch.LogStream Stream) CreateLogs()
    {
        var scope = _args.Foundation.Scope;
        var name = new LogGroupNames(scope.ClusterName).AuditDelivery;
        var group = new Aws.CloudWatch.LogGroup(
            "audit-delivery",
            new Aws.CloudWatch.LogGroupArgs
            {
                Name = name,
                RetentionInDays = _args.Settings.SearchLogDays,
                KmsKeyId = _args.Foundation.Keys.Logs.Arn,
                Tags = scope.Tags.Named(name),
            },
            new CustomResourceOptions { Parent = this });
        return (group, new Aws.CloudWatch.LogStream(
            $"audit-{CopyStream}",
            new Aws.CloudWatch.LogStreamArgs { LogGroupName = group.Name, Name = CopyStream },
            new CustomResourceOptions { Parent = this }));
    }

    private Aws.Iam.RolePolicy Permit(PrivateBucket bucket, Aws.CloudWatch.LogGroup logs) => new(
        RoleName,
        new Aws.Iam.RolePolicyArgs
        {
            Name = RoleName,
            Role = _args.Role.Name,
            Policy = Output.Tuple(bucket.Arn, _args.KeyArn, logs.Arn).Apply(found => PolicyDocument.Json(
                AuditStreamRole.Copy(found.Item1), AuditStreamRole.Encrypt(found.Item2), AuditStreamRole.Report(found.Item3))),
        },
        new CustomResourceOptions { Parent = this });

    private Aws.Kinesis.FirehoseDeliveryStream CreateStream(
        string name, PrivateBucket bucket, Aws.CloudWatch.LogGroup logs, ImmutableArray<Resource> after)
    {
        var scope = _args.Foundation.Scope;
        return new Aws.Kinesis.FirehoseDeliveryStream(
            name,
            new Aws.Kinesis.FirehoseDeliveryStreamArgs
            {
                Name = scope.NameOf("audit"),
                Destination = "extended_s3",
                ServerSideEncryption = new Aws.Kinesis.Inputs.FirehoseDeliveryStreamServerSideEncryptionArgs { Enabled = true, KeyType = "AWS_OWNED_CMK" },
                ExtendedS3Configuration = new Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationArgs
                {
                    RoleArn = _args.Role.Arn,
                    BucketArn = bucket.Arn,
                    KmsKeyArn = _args.KeyArn,
                    Prefix = "records/",
                    ErrorOutputPrefix = "failed/",
                    CompressionFormat = "GZIP",
                    BufferingInterval = BufferSeconds,
                    BufferingSize = BufferMegabytes,
                    CloudwatchLoggingOptions = new Aws.Kinesis.Inputs.FirehoseDeliveryStreamExtendedS3ConfigurationCloudwatchLoggingOptionsArgs
                    {
                        Enabled = true,
                        LogGroupName = logs.Name,
                        LogStreamName = CopyStream,
                    },
                    ProcessingConfiguration = AuditRecords.Unpack(),
                },
                Tags = scope.Tags.Named(scope.NameOf("audit")),
            },
            new CustomResourceOptions { Parent = this, DependsOn = after });
    }

    private void Subscribe(Aws.Kinesis.FirehoseDeliveryStream stream)
    {
        const string Name = "audit-subscription";
        var scope = _args.Foundation.Scope;

        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#FirehoseExample
        var role = ServiceRole.Create(Name, scope, "logs", "Sends audit records from CloudWatch on", scope.Account.Arn("logs", "*"), this);
        var permission = new Aws.Iam.RolePolicy(
            Name,
            new Aws.Iam.RolePolicyArgs
            {
                Name = Name,
                Role = role.Name,
                Policy = stream.Arn.Apply(arn => PolicyDocument.Json(new PolicyStatement
                {
                    Sid = "Send",
                    Actions = ["firehose:PutRecord", "firehose:PutRecordBatch"],
                    Resources = [arn],
                })),
            },
            new CustomResourceOptions { Parent = this });

        // The control plane makes its log group first of all, so it is there.
        _ = new Aws.CloudWatch.LogSubscriptionFilter(
            Name,
            new Aws.CloudWatch.LogSubscriptionFilterArgs
            {
                Name = scope.NameOf("audit"),
                LogGroup = new LogGroupNames(scope.ClusterName).ControlPlane,
                FilterPattern = AuditRecords.Pattern,
                DestinationArn = stream.Arn,
                RoleArn = role.Arn,
            },
            new CustomResourceOptions { Parent = this, DependsOn = { permission, _args.Foundation.Cluster } });
    }

    private void Watch(Aws.Kinesis.FirehoseDeliveryStream stream)
    {
        Alarm("audit-copy-late", "DeliveryToS3.DataFreshness", "The oldest audit record that is not in its bucket yet is an hour old.");

        void Alarm(string name, string metric, string meaning)
        {
            var scope = _args.Foundation.Scope;
            _ = new Aws.CloudWatch.MetricAlarm(
                name,
                new Aws.CloudWatch.MetricAlarmArgs
                {
                    Name = scope.NameOf(name),
                    AlarmDescription = meaning,
                    Namespace = "AWS/Firehose",
                    MetricName = metric,
                    Dimensions = new InputMap<string> { { "DeliveryStreamName", stream.Name } },
                    Statistic = "Maximum",
                    ComparisonOperator = SearchAlarm.AtLeast,
                    Threshold = LateSeconds,
                    Period = 300,
                    EvaluationPeriods = 3,
                    TreatMissingData = "notBreaching",
                    AlarmActions = { _args.TopicArn },
                    OkActions = { _args.TopicArn },
                    Tags = scope.Tags.Named(scope.NameOf(name)),
                },
                new CustomResourceOptions { Parent = this });
        }
    }
}
