using System.Collections.Immutable;
using HaCluster.Stack.Encryption;
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
/// Signs the checkpoints of the finance log. Whoever could sign could write another history, so its policy (<see cref="SigningKeyPolicy"/>) refuses signatures to
/// everybody but the service.
/// </summary>
/// <remarks>
/// KMS does not rotate asymmetric keys (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html): to change the key, declare another and leave this
/// one. The public key is in the archive, so that checkpoints can be verified without KMS for as long as they are kept.
/// </remarks>
public sealed class FinanceSigningKey : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:FinanceSigningKey";

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
                DeletionWindowInDays = SigningKeyPolicy.DeletionWindowDays,
                Policy = Output.Tuple(scope.Account.Partition, scope.Account.Id, args.SignerArn)
                    .Apply(found => SigningKeyPolicy.Json(found.Item1, found.Item2, found.Item3, args.Admins)),
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
}
