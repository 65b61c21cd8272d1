using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Logging.Finance;

/// <summary>Input of <see cref="FinanceSigningKey"/>.</summary>
public sealed record FinanceSigningKeyArgs
{
    public required StackScope Scope { get; init; }

    /// <summary>ARN of the one role that may sign.</summary>
    public required Output<string> SignerArn { get; init; }

    /// <summary>ARNs of the roles that may schedule its deletion; empty: nobody.</summary>
    public required ImmutableArray<string> Admins { get; init; }
}

/// <summary>
/// Signs the checkpoints of the finance log. Whoever could sign could write another history, so its policy refuses signatures to everybody but the service, the
/// administrators of the account included; changing that policy is a step of its own, which CloudTrail records.
/// </summary>
/// <remarks>
/// KMS does not rotate asymmetric keys (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html): to change the key, declare another and leave this
/// one. The public key is in the archive, so that checkpoints can be verified without KMS for as long as they are kept.
/// </remarks>
public sealed class FinanceSigningKey : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:FinanceSigningKey";

    private const string Caller = "aws:PrincipalArn";
    private const int DeletionWindowDays = 30;

    public FinanceSigningKey(string name, FinanceSigningKeyArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = args.Scope;
        var key = new Aws.Kms.Key(
            name,
            new Aws.Kms.KeyArgs
            {
                Description = $"Signs the checkpoints of the finance log of {scope.ClusterName}",
                CustomerMasterKeySpec = "ECC_NIST_P256",
                KeyUsage = "SIGN_VERIFY",
                DeletionWindowInDays = DeletionWindowDays,
                Policy = Output.Tuple(scope.Account.Partition, scope.Account.Id, args.SignerArn)
                    .Apply(found => PolicyDocument.Json(Owner(found.Item1, found.Item2), OnlySigner(found.Item3), NoDeletion(args.Admins))),
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this, RetainOnDelete = true });
        _ = new Aws.Kms.Alias(
            name,
            new Aws.Kms.AliasArgs { Name = $"alias/{scope.ClusterName}/{name}", TargetKeyId = key.KeyId },
            new CustomResourceOptions { Parent = this });
        Arn = key.Arn;
        RegisterOutputs(new Dictionary<string, object?> { ["arn"] = Arn });
    }

    public Output<string> Arn { get; }

    // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html: without it, IAM policies could not grant the key.
    private static PolicyStatement Owner(string partition, string account) => new()
    {
        Sid = "AccountAdministration",
        Principal = ("AWS", $"arn:{partition}:iam::{account}:root"),
        Actions = ["kms:*"],
        Resources = ["*"],
    };

    // A refusal wins over IAM policies and over grants (https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html).
    private static PolicyStatement OnlySigner(string signer) => new()
    {
        Sid = "OnlyTheServiceSigns",
        Denies = true,
        Principal = ("AWS", "*"),
        Actions = ["kms:Sign"],
        Resources = ["*"],
        Conditions = [PolicyCondition.IsNoneOfArns(Caller, signer)],
    };

    private static PolicyStatement NoDeletion(ImmutableArray<string> admins) => new()
    {
        Sid = "DeletionByAdministratorsAlone",
        Denies = true,
        Principal = ("AWS", "*"),
        Actions = ["kms:ScheduleKeyDeletion"],
        Resources = ["*"],
        Conditions = admins.IsEmpty ? [] : [PolicyCondition.IsNoneOfArns(Caller, admins)],
    };
}
