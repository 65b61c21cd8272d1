using System.Numerics;

namespace HaCluster.Payments.Transfers;

/// <summary>Signed bytes of a transfer. They are in the store before anybody else has them, and never change.</summary>
internal sealed record Attempt
{
    /// <summary>Pays the destination.</summary>
    public const string Payment = "payment";

    /// <summary>Calls forwarders of the wallet, which pay its sender.</summary>
    public const string Sweep = "sweep";

    /// <summary>Takes the payment's place and pays nobody.</summary>
    public const string Cancellation = "cancellation";

    /// <summary>Pays for a payment that waits: it spends the change of that one and gives it back to the wallet, less a fee for both (child pays for parent).</summary>
    public const string Child = "child";

    public required string Transfer { get; init; }

    /// <summary>Counted from 1; a later one replaces those before it, with the same nonce or the same inputs. A child replaces children of the same parent only.</summary>
    public required long Number { get; init; }

    /// <summary>Number of the transaction whose change a child spends; null: it is not a child.</summary>
    public long? Parent { get; init; }

    public required string Purpose { get; init; }

    public required string Txid { get; init; }

    /// <summary>Hexadecimal.</summary>
    public required string Raw { get; init; }

    /// <summary>Wei per gas, or satoshi per 1000 virtual bytes.</summary>
    public required BigInteger FeeRate { get; init; }

    /// <summary>The most that it can cost.</summary>
    public required BigInteger MaxFee { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>When a node first took it; null: never, as far as is known.</summary>
    public long? BroadcastAt { get; init; }

    /// <summary>Whether a coin is one of its outputs.</summary>
    public bool Made(Wallets.Coin coin) => coin.Outpoint.StartsWith($"{Txid}:", StringComparison.Ordinal);
}
