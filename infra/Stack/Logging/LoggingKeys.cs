using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Logging.Audit;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging;

/// <summary>Keys of the logs' stores, apart from those of the cluster: the archive is read for years after the cluster is gone.</summary>
public sealed class LoggingKeys : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:Keys";

    private const int DeletionWindowDays = 30;

    public LoggingKeys(string name, StackScope scope, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        Search = Create(
            "search",
            "Searchable logs and their snapshots",
            scope,
            AuditQueue.ArnOf(scope).Apply<ImmutableArray<PolicyStatement>>(queue => [AllowS3Notifications(queue)]));

        // Locked objects outlive the stack, but would be unreadable without their key.
        Archive = Create("archive", "Archive of finance records", scope, Output.Create(ImmutableArray<PolicyStatement>.Empty));
        RegisterOutputs(new Dictionary<string, object?> { ["search"] = Search.Arn, ["archive"] = Archive.Arn });
    }

    /// <summary>Encrypts OpenSearch, its snapshots, and the copies of audit records and the news of them; <c>pulumi destroy</c> leaves it, as it leaves them.</summary>
    public Aws.Kms.Key Search { get; }

    /// <summary>Encrypts the archive; <c>pulumi destroy</c> leaves it.</summary>
    public Aws.Kms.Key Archive { get; }

    private Aws.Kms.Key Create(string name, string purpose, StackScope scope, Output<ImmutableArray<PolicyStatement>> others)
    {
        var key = new Aws.Kms.Key(
            $"logs-{name}",
            new Aws.Kms.KeyArgs
            {
                Description = $"{purpose} of {scope.ClusterName}",
                EnableKeyRotation = true,
                DeletionWindowInDays = DeletionWindowDays,
                Policy = Output.Tuple(scope.Account.Partition, scope.Account.Id, others)
                    .Apply(found => PolicyDocument.Json([Owner(found.Item1, found.Item2), .. found.Item3])),
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this, RetainOnDelete = true });
        _ = new Aws.Kms.Alias(
            $"logs-{name}",
            new Aws.Kms.AliasArgs { Name = $"alias/{scope.ClusterName}/{name}", TargetKeyId = key.KeyId },
            new CustomResourceOptions { Parent = this });
        return key;
    }

    // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html: without it, IAM policies could not grant the key.
    private static PolicyStatement Owner(string partition, string account) => new()
    {
        Sid = "AccountAdministration",
        Principal = ("AWS", $"arn:{partition}:iam::{account}:root"),
        Actions = ["kms:*"],
        Resources = ["*"],
    };

    // S3 writes to an encrypted queue in its own name (https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html).
    // SQS sends the queue to KMS as encryption context, so that no other queue can have messages under this key.
    private static PolicyStatement AllowS3Notifications(string queue) => new()
    {
        Sid = "S3Notifications",
        Principal = ("Service", "s3.amazonaws.com"),
        Actions = ["kms:Decrypt", "kms:GenerateDataKey"],
        Resources = ["*"],
        Conditions = [PolicyCondition.Is("kms:EncryptionContext:aws:sqs:arn", queue)],
    };
}
