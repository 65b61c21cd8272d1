using System.Numerics;
using HaCluster.Payments.Chains;

namespace HaCluster.Payments.Scanning;

/// <summary>What a watcher reads of its chain. The two chains differ here, and in what a wallet had before it was watched (<see cref="IWalletOpener"/>).</summary>
internal interface IChainReader
{
    string Chain { get; }

    Task<BlockReference> HeadAsync(CancellationToken cancellationToken);

    /// <summary>Height of the first block of all that is looked through.</summary>
    /// <returns>Null: the chain is too young.</returns>
    Task<long?> FirstAsync(CancellationToken cancellationToken);

    /// <returns>Null: the node's chain is not so high.</returns>
    Task<string?> HashAsync(long height, CancellationToken cancellationToken);

    /// <summary>The highest block that the chain itself calls irreversible; -1: it calls none.</summary>
    Task<long> FinalizedAsync(CancellationToken cancellationToken);

    /// <summary>Blocks of the node's chain from a height on. When it changes meanwhile, one of them may not follow the one before it.</summary>
    /// <returns>As many as are read at once, up to the number; none: the chain is not so high.</returns>
    Task<IReadOnlyList<ChainBlock>> ReadAsync(long from, int most, CancellationToken cancellationToken);

    /// <summary>The memory pool.</summary>
    Task<Pool> PoolAsync(CancellationToken cancellationToken);

    /// <summary>What is stored of the pool, and need not be read again.</summary>
    void Remember(Pool pool);

    /// <summary>Whether the node has a transaction.</summary>
    Task<bool> KnowsAsync(string txid, CancellationToken cancellationToken);
}

/// <summary>What a block has for the wallets.</summary>
/// <param name="Parent">Hash of the block before it.</param>
/// <param name="Spends">Of all of its transactions but what a miner is paid with.</param>
internal sealed record ChainBlock(BlockReference Reference, string Parent, DateTimeOffset Time, IReadOnlyList<Payment> Payments, IReadOnlyList<Spend> Spends)
{
    /// <summary>What left forwarders of the wallets.</summary>
    public IReadOnlyList<Sweep> Sweeps { get; init; } = [];
}

/// <summary>A payment to an address of a wallet.</summary>
/// <param name="Id">Of its deposit.</param>
/// <param name="Place">See <see cref="Deposit.Place"/>.</param>
internal sealed record Payment(string Id, string Txid, long Position, string Asset, BigInteger Amount, OwnAddress To, long Place = 0);

/// <summary>What a transaction uses up: a coin as <c>txid:index</c>, or a nonce as <c>sender/nonce</c>. The chain takes one transaction that does.</summary>
internal sealed record Spend(string What, string Txid);

/// <param name="Txids">All of it.</param>
/// <param name="News">What was not looked at before.</param>
internal sealed record Pool(IReadOnlySet<string> Txids, IReadOnlyList<PoolTransaction> News);

internal sealed record PoolTransaction(string Txid, IReadOnlyList<Payment> Payments, IReadOnlyList<Spend> Spends);

/// <summary>Takes into the books what wallets had before they were watched.</summary>
internal interface IWalletOpener
{
    /// <param name="scanned">The last block that was looked through, which is part of the node's chain.</param>
    /// <returns>Whether deposits may have come with it that are final already. There may be more: the next round goes on.</returns>
    Task<bool> OpenAsync(BlockReference scanned, CancellationToken cancellationToken);
}
