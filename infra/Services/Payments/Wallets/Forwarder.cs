namespace HaCluster.Payments.Wallets;

/// <summary>A receiving address of a wallet as the contract knows it.</summary>
internal record Forwarder
{
    public long Position { get; init; }

    /// <summary>Null: its position.</summary>
    public string? Salt { get; init; }

    /// <summary>What the contract is called with.</summary>
    public string Word => Salt ?? ForwarderSalt.At(Position);
}
