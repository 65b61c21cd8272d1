using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Settings.Payments;
using Pulumi;

namespace HaCluster.Stack.Payments;

/// <summary>Input of <see cref="ClusterPayments"/>, <see cref="PaymentsService"/> and <see cref="PaymentsSigner"/>.</summary>
public sealed record ClusterPaymentsArgs
{
    public required PaymentsSettings Settings { get; init; }

    /// <summary>Which networks there are nodes of.</summary>
    public required ChainsSettings Chains { get; init; }

    /// <summary>Address of the finance log; null: events are not delivered.</summary>
    public required string? FinanceLog { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    /// <summary>Makes the users of the database and delivers their credentials.</summary>
    public required Resource Databases { get; init; }
}

/// <summary>
/// Payments: the service that takes requests and watches chains, the signer that alone can use the key, and the ways between them. They share a database server and no user of it: the service cannot change what
/// the signer has agreed to.
/// </summary>
public sealed class ClusterPayments : ComponentResource
{
    public const string TypeToken = "ha-cluster:payments:Payments";

    public ClusterPayments(string name, ClusterPaymentsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var child = new ComponentResourceOptions { Parent = this };
        _ = new PaymentsFirewall("payments-firewall", args.Settings.Clients, args.Foundation, child);
        var signer = new PaymentsSigner(PaymentsNames.Signer, args, child);
        _ = new PaymentsService(PaymentsNames.Service, args, child);
        SigningKeyArn = signer.KeyArn;
        RegisterOutputs(new Dictionary<string, object?> { ["signingKeyArn"] = SigningKeyArn });
    }

    /// <summary>Signs transfers on Ethereum. <c>pulumi destroy</c> leaves it.</summary>
    public Output<string> SigningKeyArn { get; }
}
