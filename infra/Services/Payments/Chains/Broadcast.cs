namespace HaCluster.Payments.Chains;

/// <summary>What a node said when it got signed bytes.</summary>
internal enum Broadcast
{
    Taken,

    /// <summary>It had them.</summary>
    Known,

    /// <summary>A transaction with this nonce is in a block already: ours, or another.</summary>
    NonceUsed,

    /// <summary>It has another transaction with this nonce that pays as much.</summary>
    Underpriced,

    /// <summary>It does not take them now.</summary>
    Refused,
}
