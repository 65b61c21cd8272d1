using System.Numerics;

namespace HaCluster.Payments.Wallets;

/// <summary>A set of addresses whose coins belong together. It holds no secret.</summary>
internal sealed record Wallet
{
    public required string Id { get; init; }

    public required string Chain { get; init; }

    public required string Name { get; init; }

    /// <summary>Null: it has no addresses but its sender.</summary>
    public string? ExtendedKey { get; init; }

    /// <summary>See <see cref="ScriptKind"/>.</summary>
    public required string Script { get; init; }

    /// <summary>The signer's name for the key that spends; null: the wallet is watch-only.</summary>
    public string? SigningKey { get; init; }

    /// <summary>Address of that key on Ethereum.</summary>
    public string? Sender { get; init; }

    /// <summary>Its key is kept offline: transactions are exported, signed elsewhere, and handed in.</summary>
    public bool IsCold { get; init; }

    /// <summary>Its receiving addresses are contracts that pay nobody but its sender; see <see cref="ForwarderContract"/>.</summary>
    public bool HasForwarders { get; init; }

    /// <summary>What the salts of its next forwarders are made from, sealed; null: their positions are their salts. See <see cref="ForwarderSalt"/>.</summary>
    public string? SaltSecret { get; init; }

    public long NextIndex { get; init; }

    public long NextChange { get; init; }

    /// <summary>Unused addresses in a row after which wallets that restore from the key stop looking (BIP-44: 20).</summary>
    public long GapLimit { get; init; }

    /// <summary>The block at which the books took over what its sender had; null: they have not yet.</summary>
    public long? OpenedBlock { get; init; }

    /// <inheritdoc cref="BatchingRule"/>
    public long BatchMost { get; init; } = 1;

    /// <summary>Seconds.</summary>
    public long BatchWait { get; init; }

    public BatchingRule Batching => new(BatchMost, TimeSpan.FromSeconds(BatchWait));

    public long CreatedAt { get; init; }
}

/// <summary>An address that was given out, or that got the change of a transfer.</summary>
internal sealed record WalletAddress
{
    public const long Receiving = 0;
    public const long Change = 1;

    public required string Id { get; init; }

    public required string Wallet { get; init; }

    public long Branch { get; init; }

    public long Position { get; init; }

    public required string Address { get; init; }

    /// <summary>Of a forwarder; null: the salt is its position, or the address is not a forwarder.</summary>
    public string? Salt { get; init; }

    public string? Label { get; init; }

    /// <summary>A JSON object of the client's.</summary>
    public string? Metadata { get; init; }

    public long? ExpiresAt { get; init; }

    /// <summary>What it is to receive; null: nobody said.</summary>
    public BigInteger? Expected { get; init; }

    /// <summary>Of what.</summary>
    public string? ExpectedAsset { get; init; }

    /// <summary>When the first deposit was found; null: none was.</summary>
    public long? UsedAt { get; init; }

    public long CreatedAt { get; init; }
}
