using System.Collections.Immutable;
using HaCluster.Stack.Encryption;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Payments;

/// <summary>Input of <see cref="PaymentSigningKey"/>.</summary>
public sealed record PaymentSigningKeyArgs
{
    public required StackScope Scope { get; init; }

    /// <summary>ARN of the one role that may sign.</summary>
    public required Output<string> SignerArn { get; init; }

    /// <summary>ARNs of the roles that may schedule its deletion; empty: nobody.</summary>
    public required ImmutableArray<string> Admins { get; init; }
}

/// <summary>
/// Signs transfers of the wallet on Ethereum: whoever could use it could take what is in the wallet. It never leaves KMS. A wallet of Bitcoin has no such key, since KMS derives no addresses from one.
/// </summary>
/// <remarks>
/// To change the key, declare another wallet and move the funds there: the address of a wallet follows from its key. Without the key nobody can move them, so <c>pulumi destroy</c> leaves it.
/// </remarks>
public sealed class PaymentSigningKey : ComponentResource
{
    public const string TypeToken = "ha-cluster:payments:SigningKey";

    public PaymentSigningKey(string name, PaymentSigningKeyArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = args.Scope;
        var key = new Aws.Kms.Key(
            name,
            new Aws.Kms.KeyArgs
            {
                Description = $"Signs transfers of the wallet of {scope.ClusterName} on Ethereum",
                // The curve of Ethereum (https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html).
                CustomerMasterKeySpec = "ECC_SECG_P256K1",
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
