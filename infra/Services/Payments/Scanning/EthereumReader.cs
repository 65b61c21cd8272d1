using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Scanning;

/// <summary>Blocks and pending transactions of Ethereum: ether that is sent to an address, and tokens that the settings name. Ether that a contract pays on is in no list of a block: the reconciler finds it.</summary>
internal sealed class EthereumReader(Database database, EthereumNode node, Networks networks, DepositRules rules) : IChainReader
{
    private readonly string[] _tokens = [.. rules.Tokens.Select(token => token.Token!)];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public string Chain => Asset.Ethereum;

    public async Task<BlockReference> HeadAsync(CancellationToken cancellationToken)
    {
        await node.RequireChainAsync(networks.EthereumChainId, cancellationToken);
        return await node.HeadAsync(cancellationToken);
    }

    /// <summary>A block that counts as irreversible, so that the opening balances (<see cref="EthereumOpener"/>) are of a block that was looked through.</summary>
    public Task<BlockReference?> FirstAsync(CancellationToken cancellationToken) => node.FinalizedAsync(cancellationToken);

    public async Task<string?> HashAsync(long height, CancellationToken cancellationToken) => (await node.BlockAsync(height, cancellationToken))?.Hash;

    public async Task<long> FinalizedAsync(CancellationToken cancellationToken) => (await node.FinalizedAsync(cancellationToken))?.Number ?? -1;

    public Task<bool> KnowsAsync(string txid, CancellationToken cancellationToken) => node.KnowsAsync(txid, cancellationToken);

    public async Task<ChainBlock?> ReadAsync(BlockReference reference, CancellationToken cancellationToken)
    {
        if (await node.BlockWithTransactionsAsync(reference.Hash, cancellationToken) is not { } block)
            return null;
        if (block.Reference != reference)
            throw new NodeUnreachableException($"the node gave block {block.Reference.Number} ({block.Reference.Hash}) for block {reference.Number} ({reference.Hash})");
        var transfers = _tokens.Length == 0 ? [] : (await node.TransfersAsync(reference.Hash, _tokens, cancellationToken)).Where(transfer => transfer.Amount > 0).ToArray();
        var swept = await database.ReadAsync(session => session.HasForwardersAsync(), cancellationToken) ? await node.SweptAsync(reference.Hash, cancellationToken) : [];
        var own = await OwnAsync(
            [.. block.Transactions.Where(HasValue).Select(transaction => transaction.Receiver!), .. transfers.Select(transfer => transfer.Receiver), .. swept.Select(sweep => sweep.Forwarder)], cancellationToken);
        var outcomes = own.Count == 0 ? new Dictionary<string, TransactionOutcome>() : await node.OutcomesAsync(block.Reference.Hash, cancellationToken);
        return new ChainBlock(reference, block.Parent, block.Time, Payments(block, transfers, swept, own, outcomes), [.. block.Transactions.Select(SpendOf)])
        {
            Sweeps = [.. swept.Where(sweep => own.GetValueOrDefault(sweep.Forwarder) is { IsForwarder: true }).Select(sweep => SweepOf(sweep, own[sweep.Forwarder], block, outcomes))],
        };
    }

    /// <summary>What the node would put into the next block.</summary>
    public async Task<Pool> PoolAsync(CancellationToken cancellationToken)
    {
        var pending = await node.BlockWithTransactionsAsync("pending", cancellationToken);
        var txids = (pending?.Transactions.Select(transaction => transaction.Txid) ?? []).ToHashSet(StringComparer.Ordinal);
        _known.IntersectWith(txids);
        var news = (pending?.Transactions.Where(transaction => !_known.Contains(transaction.Txid)) ?? []).ToArray();
        var own = await OwnAsync([.. news.Where(HasValue).Select(transaction => transaction.Receiver!)], cancellationToken);
        return new Pool(txids, [.. news.Select(transaction => new PoolTransaction(transaction.Txid, HasValue(transaction) && own.TryGetValue(transaction.Receiver!, out var to) ? [PaymentOf(transaction, to, 0)] : [], [SpendOf(transaction)]))]);
    }

    public void Remember(Pool pool) => _known.UnionWith(pool.News.Select(transaction => transaction.Txid));

    private static bool HasValue(EthereumTransaction transaction) => transaction.Receiver is not null && !transaction.Value.IsZero;

    private static Spend SpendOf(EthereumTransaction transaction) => new($"{transaction.Sender}/{transaction.Nonce}", transaction.Txid);

    private static Payment PaymentOf(EthereumTransaction transaction, OwnAddress to, int place) => new($"dep_{transaction.Txid}_0", transaction.Txid, 0, Asset.Ethereum, transaction.Value, to, place);

    private static Sweep SweepOf(SweptLog log, OwnAddress from, EthereumBlock block, IReadOnlyDictionary<string, TransactionOutcome> outcomes) => new(
        $"swp_{log.Txid}_{PositionOf(log.Txid, log.Log, block, outcomes)}", log.Txid, new Asset(Asset.Ethereum, log.Token).ToString(), log.Amount, from, log.Token is null ? log.Place : log.Log);

    /// <summary>The place of a log in its transaction, which is the same in whichever block it comes.</summary>
    private static long PositionOf(string txid, long log, EthereumBlock block, IReadOnlyDictionary<string, TransactionOutcome> outcomes) => log - OutcomeOf(txid, block, outcomes).FirstLog!.Value;

    private static TransactionOutcome OutcomeOf(string txid, EthereumBlock block, IReadOnlyDictionary<string, TransactionOutcome> outcomes) =>
        outcomes.TryGetValue(txid, out var outcome) ? outcome : throw new NodeUnreachableException($"the node has no receipt of {txid} in block {block.Reference.Number}");

    private Task<IReadOnlyDictionary<string, OwnAddress>> OwnAsync(string[] addresses, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.OwnAddressesAsync(Chain, [.. addresses.Distinct(StringComparer.Ordinal)]), cancellationToken);

    private List<Payment> Payments(
        EthereumBlock block, IReadOnlyList<TokenTransfer> transfers, IReadOnlyList<SweptLog> swept, IReadOnlyDictionary<string, OwnAddress> own, IReadOnlyDictionary<string, TransactionOutcome> outcomes)
    {
        var payments = new List<Payment>();
        foreach (var (place, transaction) in block.Transactions.Index().Where(one => HasValue(one.Item)))
        {
            // A transaction that failed moved nothing but its fee.
            if (own.TryGetValue(transaction.Receiver!, out var to) && OutcomeOf(transaction.Txid, block, outcomes).HasSucceeded)
                payments.Add(PaymentOf(transaction, to, place));
        }

        var moved = swept.Where(sweep => own.ContainsKey(sweep.Forwarder)).Select(sweep => (sweep.Txid, sweep.Token, sweep.Forwarder)).ToHashSet();
        foreach (var transfer in transfers)
        {
            // What a sweep brings to the sender has come before.
            if (!own.TryGetValue(transfer.Receiver, out var to) || moved.Contains((transfer.Txid, transfer.Token, transfer.Sender)))
                continue;
            var position = PositionOf(transfer.Txid, transfer.Log, block, outcomes);
            payments.Add(new Payment($"dep_{transfer.Txid}_log{position}", transfer.Txid, position, new Asset(Chain, transfer.Token).ToString(), transfer.Amount, to, transfer.Log));
        }

        return payments;
    }
}
