using System.Collections.Immutable;

namespace HaCluster.Sentinel.Nodes;

/// <summary>A block as a node knows it. Heights are never negative.</summary>
internal readonly record struct BlockId(long Height, string Hash);

/// <summary>The newest block of a node.</summary>
internal sealed record Head(long Height, string Hash, DateTimeOffset Time)
{
    public BlockId Id => new(Height, Hash);
}

/// <summary>What a node said of itself when it was last asked.</summary>
internal sealed record NodeFacts
{
    public required Head Head { get; init; }

    /// <summary>The last 16 blocks, newest first, the head among them.</summary>
    public ImmutableArray<BlockId> Recent { get; init; } = [];

    /// <summary>Its network, by the names of the arguments.</summary>
    public required string Network { get; init; }

    /// <summary>Software and version as reported by the node; empty if it reports none.</summary>
    public string Version { get; init; } = "";

    /// <summary>Null if the node does not report it.</summary>
    public int? Peers { get; init; }

    /// <summary>The node itself reports that it is catching up. btcd never does.</summary>
    public bool ReportsSyncing { get; init; }

    /// <summary>Bitcoin: the median of the heights that peers announced; null without peers, and on Ethereum.</summary>
    public long? PeerHeight { get; init; }

    /// <summary>Bitcoin: share of the chain that is verified, 0 to 1, if the node reports it (bitcoind).</summary>
    public double? VerificationProgress { get; init; }

    /// <summary>Ethereum: height of the finalized block.</summary>
    public long? Finalized { get; init; }

    /// <summary>Bitcoin: transactions that wait, and their size in bytes.</summary>
    public (long Transactions, long Bytes)? Mempool { get; init; }

    /// <summary>Ethereum: in wei.</summary>
    public double? GasPrice { get; init; }

    /// <summary>Ethereum: of the head block, in wei.</summary>
    public double? BaseFee { get; init; }

    /// <summary>Blocks that the last reorganisation gave up; null when this answer shows none.</summary>
    public int? ReorgDepth { get; init; }
}

/// <summary>What the consensus client said when it was last asked (https://ethereum.github.io/beacon-APIs/#/Node/getSyncingStatus).</summary>
internal sealed record ConsensusFacts(long HeadSlot, long Distance, bool Syncing, bool Optimistic, bool ExecutionOffline, int? Peers);

/// <summary>Asks one node everything that there is to know; remembers what does not change.</summary>
internal interface IChainNode
{
    /// <exception cref="RpcException">It did not answer, or not what it should.</exception>
    Task<NodeFacts> AskAsync(CancellationToken cancellationToken);
}
