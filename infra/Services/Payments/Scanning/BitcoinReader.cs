using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Scanning;

/// <summary>Blocks and memory pool of Bitcoin.</summary>
internal sealed class BitcoinReader(Database database, BitcoinNode node, Networks networks) : IChainReader
{
    /// <summary>Transactions of the pool that are read in one round: after a start the pool of the main network takes a few minutes.</summary>
    private const int MostNews = 500;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private bool _isNetworkChecked;

    public string Chain => Asset.Bitcoin;

    public async Task<BlockReference> HeadAsync(CancellationToken cancellationToken)
    {
        if (!_isNetworkChecked && await node.HashAsync(0, cancellationToken) is var genesis && genesis != networks.Bitcoin.GenesisHash.ToString())
            throw new NodeUnreachableException($"the first block of the node is {genesis}; that of {networks.Bitcoin.Name.ToLowerInvariant()} is {networks.Bitcoin.GenesisHash} (--network)");
        _isNetworkChecked = true;
        return await node.HeadAsync(cancellationToken);
    }

    public async Task<long?> FirstAsync(CancellationToken cancellationToken) => (await node.HeadAsync(cancellationToken)).Number;

    public Task<string?> HashAsync(long height, CancellationToken cancellationToken) => node.HashAsync(height, cancellationToken);

    public Task<long> FinalizedAsync(CancellationToken cancellationToken) => Task.FromResult(-1L);

    public Task<bool> KnowsAsync(string txid, CancellationToken cancellationToken) => node.KnowsAsync(txid, cancellationToken);

    public async Task<IReadOnlyList<ChainBlock>> ReadAsync(long from, int most, CancellationToken cancellationToken)
    {
        var blocks = await node.BlocksAsync(from, most, cancellationToken);
        foreach (var (hash, block) in blocks)
        {
            block.Transactions.ForEach(transaction => transaction.PrecomputeHash(invalidateExisting: false, lazily: false));
            // Its hash covers its transactions through the merkle root: a node cannot leave any out.
            if (block.GetHash().ToString() != hash || !block.CheckMerkleRoot())
                throw new NodeUnreachableException($"the node gave something else for block {hash}");
        }

        // What a miner is paid may not be spent for 100 blocks: it is not a deposit.
        var payments = (await PaymentsAsync(blocks.SelectMany(block => Paid(block.Block)), cancellationToken)).ToLookup(payment => payment.Txid, StringComparer.Ordinal);
        return
        [
            .. blocks.Select((one, index) => new ChainBlock(
                new BlockReference(from + index, one.Hash),
                one.Block.Header.HashPrevBlock.ToString(),
                one.Block.Header.BlockTime,
                [.. Paid(one.Block).SelectMany(transaction => payments[transaction.GetHash().ToString()])],
                [.. Paid(one.Block).SelectMany(SpendsOf)])),
        ];
    }

    public async Task<Pool> PoolAsync(CancellationToken cancellationToken)
    {
        var txids = (await node.PoolAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        _known.IntersectWith(txids);
        var read = await node.TransactionsAsync([.. txids.Except(_known).Take(MostNews)], cancellationToken);
        var payments = (await PaymentsAsync(read, cancellationToken)).ToLookup(payment => payment.Txid, StringComparer.Ordinal);
        var news = read.Select(transaction => (Txid: transaction.GetHash().ToString(), Transaction: transaction))
            .Select(one => new PoolTransaction(one.Txid, [.. payments[one.Txid]], [.. SpendsOf(one.Transaction)])).ToArray();
        return new Pool(txids, news);
    }

    public void Remember(Pool pool) => _known.UnionWith(pool.News.Select(transaction => transaction.Txid));

    private static IEnumerable<Transaction> Paid(Block block) => block.Transactions.Where(transaction => !transaction.IsCoinBase);

    private static IEnumerable<Spend> SpendsOf(Transaction transaction)
    {
        var txid = transaction.GetHash().ToString();
        return transaction.Inputs.Select(input => new Spend($"{input.PrevOut.Hash}:{input.PrevOut.N}", txid));
    }

    private async Task<IReadOnlyList<Payment>> PaymentsAsync(IEnumerable<Transaction> transactions, CancellationToken cancellationToken)
    {
        var outputs = transactions.SelectMany(transaction => transaction.Outputs.AsIndexedOutputs())
            .Where(output => output.TxOut.Value > Money.Zero)
            .Select(output => (Output: output, Address: output.TxOut.ScriptPubKey.GetDestinationAddress(networks.Bitcoin)?.ToString()))
            .Where(output => output.Address is not null).ToArray();
        if (outputs.Length == 0)
            return [];
        // After the transactions were read: who pays an address has got it before, and then it is in the store.
        var own = await database.ReadAsync(session => session.OwnAddressesAsync(Chain, [.. outputs.Select(output => output.Address!).Distinct(StringComparer.Ordinal)]), cancellationToken);
        var payments = new List<Payment>();
        foreach (var (output, address) in outputs)
        {
            if (!own.TryGetValue(address!, out var to))
                continue;
            var txid = output.Transaction.GetHash().ToString();
            payments.Add(new Payment($"dep_{txid}_{output.N}", txid, output.N, Asset.Bitcoin, output.TxOut.Value.Satoshi, to));
        }

        return payments;
    }
}
