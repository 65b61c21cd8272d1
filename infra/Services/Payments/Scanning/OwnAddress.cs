namespace HaCluster.Payments.Scanning;

/// <summary>An address of a wallet, and which.</summary>
internal sealed record OwnAddress
{
    /// <summary>Of a sender, which is not made from the wallet's extended key.</summary>
    public const long NoPosition = -1;

    public required string Address { get; init; }

    public required string Wallet { get; init; }

    public long Branch { get; init; }

    public long Position { get; init; }

    /// <summary>It has no key: what comes to it has to be swept.</summary>
    public bool IsForwarder { get; init; }

    public long? ExpiresAt { get; init; }
}
