using System.Collections.Immutable;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Encryption;

/// <summary>Input of <see cref="SigningKey"/>.</summary>
public sealed record SigningKeyArgs
{
    public required StackScope Scope { get; init; }

    public required string Description { get; init; }

    /// <summary>Such as <c>ECC_NIST_P256</c> (https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html).</summary>
    public required string Spec { get; init; }

    /// <summary>ARN of the one role that may sign.</summary>
    public required Output<string> SignerArn { get; init; }

    /// <summary>ARNs of the roles that may schedule its deletion; empty: nobody.</summary>
    public required ImmutableArray<string> Admins { get; init; }
}

/// <summary>
/// An asymmetric key of KMS that one role signs with; its policy (<see cref="SigningKeyPolicy"/>) refuses signatures to everybody else. It never leaves KMS, and <c>pulumi destroy</c> leaves it.
/// </summary>
/// <remarks>KMS does not rotate asymmetric keys (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html): to change the key, declare another and leave this one.</remarks>
public sealed class SigningKey : ComponentResource
{
    /// <summary>
    /// Signs the checkpoints of the finance log: whoever could use it could write another history. The public key is in the archive, so that checkpoints can be verified without KMS for as long as they are kept.
    /// </summary>
    public const string OfFinanceLog = "ha-cluster:logging:FinanceSigningKey";

    /// <summary>
    /// Signs transfers of a wallet: whoever could use it could take what is in the wallet. The address of a wallet follows from its key, so with another key there is another wallet, and the funds are moved there.
    /// </summary>
    public const string OfPayments = "ha-cluster:payments:SigningKey";

    /// <param name="type">What it signs. Part of the URNs in existing stacks: with another, Pulumi would replace the key.</param>
    public SigningKey(string type, string name, SigningKeyArgs args, ComponentResourceOptions? options = null)
        : base(type, name, options)
    {
        var scope = args.Scope;
        var key = new Aws.Kms.Key(
            name,
            new Aws.Kms.KeyArgs
            {
                Description = args.Description,
                CustomerMasterKeySpec = args.Spec,
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
