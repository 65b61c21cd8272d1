using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;
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
    public async Task<long?> FirstAsync(CancellationToken cancellationToken) => (await node.FinalizedAsync(cancellationToken))?.Number;

    public async Task<string?> HashAsync(long height, CancellationToken cancellationToken) => (await node.BlockAsync(height, cancellationToken))?.Hash;

    public async Task<long> FinalizedAsync(CancellationToken cancellationToken) => (await node.FinalizedAsync(cancellationToken))?.Number ?? -1;

    public Task<bool> KnowsAsync(string txid, CancellationToken cancellationToken) => node.KnowsAsync(txid, cancellationToken);

    public async Task<IReadOnlyList<ChainBlock>> ReadAsync(long from, int most, CancellationToken cancellationToken)
    {
        var blocks = await node.BlocksAsync(from, most, cancellationToken);
        string[] hashes = [.. blocks.Select(block => block.Reference.Hash)];
        var transfers = _tokens.Length == 0 ? [.. blocks.Select(_ => Array.Empty<TokenTransfer>())]
            : (await node.TransfersAsync(hashes, _tokens, cancellationToken)).Select(each => each.Where(transfer => transfer.Amount > 0).ToArray()).ToArray();
        IReadOnlyList<IReadOnlyList<SweptLog>> swept = await database.ReadAsync(session => session.HasForwardersAsync(), cancellationToken) ? await node.SweptAsync(hashes, cancellationToken)
            : [.. blocks.Select(_ => Array.Empty<SweptLog>())];
        var own = await OwnAsync(
            [
                .. blocks.SelectMany(block => block.Transactions).Where(HasValue).Select(transaction => transaction.Receiver!), .. transfers.SelectMany(each => each).Select(transfer => transfer.Receiver),
                .. swept.SelectMany(each => each).Select(sweep => sweep.Forwarder),
            ],
            cancellationToken);
        var read = new List<ChainBlock>();
        foreach (var (block, tokens, sweeps) in blocks.Zip(transfers, swept))
            read.Add(await ReadAsync(block, tokens, sweeps, own, cancellationToken));
        return read;
    }

    private async Task<ChainBlock> ReadAsync(
        EthereumBlock block, IReadOnlyList<TokenTransfer> transfers, IReadOnlyList<SweptLog> swept, IReadOnlyDictionary<string, OwnAddress> own, CancellationToken cancellationToken)
    {
        var isOurs = block.Transactions.Any(transaction => HasValue(transaction) && own.ContainsKey(transaction.Receiver!)) || transfers.Any(transfer => own.ContainsKey(transfer.Receiver))
            || swept.Any(sweep => own.ContainsKey(sweep.Forwarder));
        var outcomes = isOurs ? await node.OutcomesAsync(block.Reference.Hash, cancellationToken) : new Dictionary<string, TransactionOutcome>();
        return new ChainBlock(block.Reference, block.Parent, block.Time, Payments(block, transfers, swept, own, outcomes), [.. block.Transactions.Select(SpendOf)])
        {
            Sweeps = [.. swept.Where(sweep => own.GetValueOrDefault(sweep.Forwarder) is { IsForwarder: true }).Select(sweep => SweepOf(sweep, own[sweep.Forwarder], block, outcomes))],
        };
    }

    /// <summary>What the node would put into the next block.</summary>
    public async Task<Pool> PoolAsync(CancellationToken cancellationToken)
    {
        var pending = await node.PendingAsync(cancellationToken);
        var txids = pending.Select(transaction => transaction.Txid).ToHashSet(StringComparer.Ordinal);
        _known.IntersectWith(txids);
        var news = pending.Where(transaction => !_known.Contains(transaction.Txid)).ToArray();
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

    private async Task<IReadOnlyDictionary<string, OwnAddress>> OwnAsync(string[] addresses, CancellationToken cancellationToken) => addresses.Length == 0 ? new Dictionary<string, OwnAddress>()
        : await database.ReadAsync(session => session.OwnAddressesAsync(Chain, [.. addresses.Distinct(StringComparer.Ordinal)]), cancellationToken);

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
