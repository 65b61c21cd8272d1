using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Encryption;

/// <summary>Input of <see cref="EncryptionKeys"/>.</summary>
public sealed record EncryptionKeysArgs
{
    public required StackScope Scope { get; init; }

    /// <summary>Names of the log groups that the key for logs serves.</summary>
    public required ImmutableArray<string> LogGroups { get; init; }
}

/// <summary>One KMS key per purpose, so that each can be granted, watched and revoked alone.</summary>
/// <remarks>
/// Root volumes of nodes use the account's own key for EBS: a customer key would have to name the service-linked role of Auto Scaling, which
/// does not exist in a fresh account and can be made only once.
/// </remarks>
public sealed class EncryptionKeys : ComponentResource
{
    public const string TypeToken = "ha-cluster:encryption:Keys";

    // The longest time that AWS allows: time to notice that a deleted key was still in use.
    private const int DeletionWindowDays = 30;

    public EncryptionKeys(string name, EncryptionKeysArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = args.Scope;
        var account = Output.Tuple(scope.Account.Partition, scope.Account.Id, scope.Account.DnsSuffix);
        var owner = account.Apply(found => PolicyDocument.Json(Owner(found.Item1, found.Item2)));

        Secrets = CreateKey("secrets", "Kubernetes secrets", owner, scope);
        Volumes = CreateKey("volumes", "Persistent volumes", owner, scope, isKept: true);
        Databases = CreateKey("databases", "Databases, their backups and credentials", owner, scope, isKept: true);
        Logs = CreateKey(
            "logs",
            "Logs of the control plane, the network and databases",
            account.Apply(found => PolicyDocument.Json(
                Owner(found.Item1, found.Item2),
                CloudWatch(found.Item1, scope.Account.Region, found.Item2, found.Item3, args.LogGroups))),
            scope);
        Alarms = CreateKey(
            "alarms",
            "Messages to people",
            account.Apply(found => PolicyDocument.Json(
                [Owner(found.Item1, found.Item2), .. AlarmSources.All.Select(source => Publisher(source.Sid, source.Principal, found.Item2))])),
            scope);

        RegisterOutputs(new Dictionary<string, object?>
        {
            ["secrets"] = Secrets.Arn,
            ["volumes"] = Volumes.Arn,
            ["databases"] = Databases.Arn,
            ["logs"] = Logs.Arn,
            ["alarms"] = Alarms.Arn,
        });
    }

    /// <summary>Encrypts Kubernetes secrets before they reach etcd.</summary>
    public Aws.Kms.Key Secrets { get; }

    /// <summary>Encrypts persistent volumes and their snapshots.</summary>
    public Aws.Kms.Key Volumes { get; }

    /// <summary>Encrypts databases, their backups and the secrets that RDS keeps for them.</summary>
    public Aws.Kms.Key Databases { get; }

    /// <summary>Encrypts log groups.</summary>
    public Aws.Kms.Key Logs { get; }

    /// <summary>Encrypts messages of alarm topics while they wait.</summary>
    public Aws.Kms.Key Alarms { get; }

    /// <param name="isKept">
    /// Whether <c>pulumi destroy</c> leaves it: final snapshots, kept backups and snapshots of volumes would be lost with their key.
    /// </param>
    private Aws.Kms.Key CreateKey(string name, string purpose, Output<string> policy, StackScope scope, bool isKept = false)
    {
        var key = new Aws.Kms.Key(
            name,
            new Aws.Kms.KeyArgs
            {
                Description = $"{purpose} of {scope.ClusterName}",
                EnableKeyRotation = true,
                DeletionWindowInDays = DeletionWindowDays,
                Policy = policy,
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this, RetainOnDelete = isKept });
        _ = new Aws.Kms.Alias(
            name,
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

    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    private static PolicyStatement CloudWatch(string partition, string region, string account, string dnsSuffix, ImmutableArray<string> logGroups) => new()
    {
        Sid = "CloudWatchLogs",
        Principal = ("Service", $"logs.{region}.{dnsSuffix}"),
        Actions = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        Resources = ["*"],
        Conditions =
        [
            new PolicyCondition(
                "ArnEquals",
                "kms:EncryptionContext:aws:logs:arn",
                [.. logGroups.Select(group => $"arn:{partition}:logs:{region}:{account}:log-group:{group}")]),
        ],
    };

    // Whoever publishes to an encrypted topic uses its key in its own name: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    private static PolicyStatement Publisher(string sid, string service, string account) => new()
    {
        Sid = sid,
        Principal = ("Service", service),
        Actions = ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resources = ["*"],
        Conditions = [PolicyCondition.Is("aws:SourceAccount", account)],
    };
}
