using System.Text.Json.Nodes;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Storage;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Audit;

/// <summary>Input of <see cref="AuditQueue"/>.</summary>
public sealed record AuditQueueArgs
{
    public required StackScope Scope { get; init; }

    /// <summary>Bucket whose notifications it gets.</summary>
    public required PrivateBucket Bucket { get; init; }

    /// <summary>Encrypts the messages; lets S3 use it for this queue (see <see cref="LoggingKeys"/>).</summary>
    public required Output<string> KeyArn { get; init; }
}

/// <summary>
/// Queue with notifications of S3 about new audit records, and a second queue for objects that could not be read. From there messages are
/// sent back with <c>aws sqs start-message-move-task</c>, within the two weeks that SQS keeps messages; the objects stay as long as configured.
/// </summary>
public sealed class AuditQueue : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:AuditQueue";

    /// <summary>Name of the component and, after that of the cluster, of the queue.</summary>
    public const string Name = "audit-queue";

    // The longest time that SQS keeps a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
    private const int KeptSeconds = 14 * 24 * 3600;
    private const int LongPollSeconds = 20;

    // While OpenSearch is unreachable the pipeline holds a message for two hours and then starts again: enough for nearly two days of that, and an
    // unreadable object is still moved out of the way within an hour.
    private const int Tries = 20;

    private readonly AuditQueueArgs _args;

    public AuditQueue(AuditQueueArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, Name, options)
    {
        _args = args;
        var scope = args.Scope;
        Failed = Create($"{Name}-failed", redriveAllowed: ArnOf(scope).Apply(source => new JsonObject
        {
            ["redrivePermission"] = "byQueue",
            ["sourceQueueArns"] = new JsonArray(source),
        }.ToJsonString()));
        Queue = Create(Name, redrive: Failed.Arn.Apply(target => new JsonObject
        {
            ["deadLetterTargetArn"] = target,
            ["maxReceiveCount"] = Tries,
        }.ToJsonString()));

        _ = AttachPolicy($"{Name}-failed", Failed, Failed.Arn.Apply(arn => PolicyDocument.Json(TlsOnly(arn))));
        var allowed = AttachPolicy(
            Name,
            Queue,
            Output.Tuple(Queue.Arn, args.Bucket.Arn, scope.Account.Id)
                .Apply(found => PolicyDocument.Json(TlsOnly(found.Item1), AllowS3Notifications(found.Item1, found.Item2, found.Item3))));

        // S3 tries the queue at once, and refuses two concurrent changes of a bucket: so this comes after all of the bucket's own.
        _ = new Aws.S3.BucketNotification(
            Name,
            new Aws.S3.BucketNotificationArgs
            {
                Bucket = args.Bucket.Name,
                Queues =
                {
                    new Aws.S3.Inputs.BucketNotificationQueueArgs
                    {
                        Id = "records",
                        QueueArn = Queue.Arn,
                        Events = { "s3:ObjectCreated:*" },
                        FilterPrefix = AuditRecords.Prefix,
                    },
                },
            },
            new CustomResourceOptions { Parent = this, DependsOn = { allowed, args.Bucket } });
        RegisterOutputs(new Dictionary<string, object?> { ["url"] = Queue.Url });
    }

    public Aws.Sqs.Queue Queue { get; }

    /// <summary>Messages about objects that could not be read.</summary>
    public Aws.Sqs.Queue Failed { get; }

    /// <summary>ARN that the queue will have: its key names it before it exists.</summary>
    public static Output<string> ArnOf(StackScope scope) => scope.Account.Arn("sqs", scope.NameOf(Name));

    private Aws.Sqs.Queue Create(string name, Input<string>? redrive = null, Input<string>? redriveAllowed = null)
    {
        var scope = _args.Scope;
        return new Aws.Sqs.Queue(
            name,
            new Aws.Sqs.QueueArgs
            {
                Name = scope.NameOf(name),
                MessageRetentionSeconds = KeptSeconds,
                VisibilityTimeoutSeconds = AuditPipelineConfig.ReadSeconds,
                ReceiveWaitTimeSeconds = LongPollSeconds,
                KmsMasterKeyId = _args.KeyArn,
                RedrivePolicy = redrive!,
                RedriveAllowPolicy = redriveAllowed!,
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });
    }

    private Aws.Sqs.QueuePolicy AttachPolicy(string name, Aws.Sqs.Queue queue, Output<string> policy) => new(
        name,
        new Aws.Sqs.QueuePolicyArgs { QueueUrl = queue.Url, Policy = policy },
        new CustomResourceOptions { Parent = this });

    private static PolicyStatement TlsOnly(string queue) => new()
    {
        Sid = "TlsOnly",
        Denies = true,
        Principal = ("AWS", "*"),
        Actions = ["sqs:*"],
        Resources = [queue],
        Conditions = [PolicyCondition.IsFalse("aws:SecureTransport")],
    };

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
    private static PolicyStatement AllowS3Notifications(string queue, string bucket, string account) => new()
    {
        Sid = "S3Notifications",
        Principal = ("Service", "s3.amazonaws.com"),
        Actions = ["sqs:SendMessage"],
        Resources = [queue],
        Conditions = [PolicyCondition.Is("aws:SourceAccount", account), PolicyCondition.IsArn("aws:SourceArn", bucket)],
    };
}
