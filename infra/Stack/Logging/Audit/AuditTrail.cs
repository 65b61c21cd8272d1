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

    /// <summary>Topic for the alarm when records do not arrive.</summary>
    public required Output<string> TopicArn { get; init; }
}

/// <summary>
/// The audit log of the Kubernetes API, from CloudWatch to S3. No pod is on its way: what an intruder in the cluster does is written down
/// outside it.
/// </summary>
/// <remarks>
/// <para>It does not go to OpenSearch from here: Amazon Data Firehose would send each batch of CloudWatch as one document, which is
/// refused (https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs.html). <see cref="AuditPipeline"/> reads the bucket.</para>
/// <para>The bucket has versions and no lock: whether Firehose can write where S3 demands a checksum of each object is documented nowhere, and a
/// copy that never arrives is worse than one that an administrator of the account could delete.</para>
/// </remarks>
public sealed class AuditTrail : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:AuditTrail";

    // The role that it delivers with.
    private const string RoleName = "audit-stream";

    private const int BufferSeconds = 60;
    private const int BufferMegabytes = 5;

    // A month in which somebody may look, and the time that the colder class is paid for in any case.
    private const int ColdAfterDays = 30;
    private const int MinColdDays = 90;

    // Where it writes what it could not copy.
    private const string CopyStream = "copy";

    private static readonly SearchAlarm CopyLate = new(
        "audit-copy-late", "DeliveryToS3.DataFreshness", "Maximum", SearchAlarm.AtLeast, 3600, 3, 300,
        "The oldest audit record that has not reached its bucket is an hour old.");

    private static readonly SearchAlarm SearchLate = new(
        "audit-search-late", "ApproximateAgeOfOldestMessage", "Maximum", SearchAlarm.AtLeast, 3600, 3, 300,
        "Audit records have waited for OpenSearch for an hour. They are safe in their bucket. Check the log of the pipeline and OpenSearch.");

    // The API server is never idle: no records in an hour mean that the path before the queue is broken.
    private static readonly SearchAlarm Silent = new(
        "audit-silent", "NumberOfMessagesSent", "Sum", SearchAlarm.Below, 1, 1, 3600,
        "No audit records have arrived for an hour. Check the subscription of the control plane's log group, the delivery stream and the notifications of the bucket.")
    {
        IsSilenceBad = true,
    };

    private static readonly SearchAlarm Failed = new(
        "audit-failed", "ApproximateNumberOfMessagesVisible", "Maximum", SearchAlarm.AtLeast, 1, 1, 300,
        "Objects of the audit trail could not be read. Fix the cause (see the log of the pipeline), then send the messages back: aws sqs start-message-move-task.");

    private readonly AuditTrailArgs _args;
    private readonly Aws.Iam.Role _role;

    public AuditTrail(string name, AuditTrailArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var scope = args.Foundation.Scope;
        _role = ServiceRole.Create(
            RoleName, scope, "firehose", "Brings audit records to S3", scope.Account.Arn("firehose", $"deliverystream/{scope.NameOf("audit")}"), this);
        Bucket = new PrivateBucket(
            name,
            new PrivateBucketArgs
            {
                Scope = scope,
                Content = "audit",
                KeyArn = args.KeyArn,
                Lifecycle = new BucketLifecycle
                {
                    Transitions = args.Settings.AuditArchiveDays >= ColdAfterDays + MinColdDays ? [(ColdAfterDays, "GLACIER_IR")] : [],
                    ExpireAfterDays = args.Settings.AuditArchiveDays,
                },
            },
            new ComponentResourceOptions { Parent = this });
        var (logs, logStream) = CreateLogs();
        var permission = Permit(logs);
        var stream = CreateStream(name, logs, [logStream, permission, Bucket, .. NotifyQueue()]);
        Subscribe(stream);
        new AuditMeter("AWS/Firehose", "DeliveryStreamName", stream.Name).Watch(CopyLate, scope, args.TopicArn, this);
        RegisterOutputs();
    }

    /// <summary>The copies, and what was made of them that failed.</summary>
    public PrivateBucket Bucket { get; }

    /// <summary>Queue for new copies; null if they are not made searchable.</summary>
    public AuditQueue? Queue { get; private set; }

    // Before the first copy: there are no notifications for older objects.
    private IEnumerable<Resource> NotifyQueue()
    {
        if (!_args.Settings.AuditSearch.IsEnabled)
            yield break;

        var scope = _args.Foundation.Scope;
        Queue = new AuditQueue(
            new AuditQueueArgs { Scope = scope, Bucket = Bucket, KeyArn = _args.KeyArn },
            new ComponentResourceOptions { Parent = this });
        new AuditMeter("AWS/SQS", "QueueName", Queue.Queue.Name).Watch(SearchLate, scope, _args.TopicArn, this);
        new AuditMeter("AWS/SQS", "QueueName", Queue.Queue.Name).Watch(Silent, scope, _args.TopicArn, this);
        new AuditMeter("AWS/SQS", "QueueName", Queue.Failed.Name).Watch(Failed, scope, _args.TopicArn, this);
        yield return Queue;
    }

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

    private Aws.Iam.RolePolicy Permit(Aws.CloudWatch.LogGroup logs) => new(
        RoleName,
        new Aws.Iam.RolePolicyArgs
        {
            Name = RoleName,
            Role = _role.Name,
            Policy = Output.Tuple(Bucket.Arn, _args.KeyArn, logs.Arn).Apply(found => PolicyDocument.Json(
                AuditStreamRole.Copy(found.Item1), AuditStreamRole.Encrypt(found.Item2), AuditStreamRole.Report(found.Item3))),
        },
        new CustomResourceOptions { Parent = this });

    private Aws.Kinesis.FirehoseDeliveryStream CreateStream(string name, Aws.CloudWatch.LogGroup logs, ImmutableArray<Resource> after)
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
                    RoleArn = _role.Arn,
                    BucketArn = Bucket.Arn,
                    KmsKeyArn = _args.KeyArn,
                    Prefix = AuditRecords.Prefix,
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
                    Sid = "PutRecords",
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
}
