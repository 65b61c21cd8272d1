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
        var transfers = _tokens.Length == 0 ? [.. blocks.Select(_ => Array.Empty<TokenTransfer>())]
            : (await node.TransfersAsync([.. blocks.Select(block => block.Reference.Hash)], _tokens, cancellationToken)).Select(each => each.Where(transfer => transfer.Amount > 0).ToArray()).ToArray();
        var own = await OwnAsync(
            [.. blocks.SelectMany(block => block.Transactions).Where(HasValue).Select(transaction => transaction.Receiver!), .. transfers.SelectMany(each => each).Select(transfer => transfer.Receiver)], cancellationToken);
        var read = new List<ChainBlock>();
        foreach (var (block, tokens) in blocks.Zip(transfers))
            read.Add(new ChainBlock(block.Reference, block.Parent, block.Time, await PaymentsAsync(block, tokens, own, cancellationToken), [.. block.Transactions.Select(SpendOf)]));
        return read;
    }

    /// <summary>What the node would put into the next block.</summary>
    public async Task<Pool> PoolAsync(CancellationToken cancellationToken)
    {
        var pending = await node.PendingAsync(cancellationToken);
        var txids = pending.Select(transaction => transaction.Txid).ToHashSet(StringComparer.Ordinal);
        _known.IntersectWith(txids);
        var news = pending.Where(transaction => !_known.Contains(transaction.Txid)).ToArray();
        var own = await OwnAsync([.. news.Where(HasValue).Select(transaction => transaction.Receiver!)], cancellationToken);
        return new Pool(txids, [.. news.Select(transaction => new PoolTransaction(transaction.Txid, HasValue(transaction) && own.TryGetValue(transaction.Receiver!, out var to) ? [PaymentOf(transaction, to)] : [], [SpendOf(transaction)]))]);
    }

    public void Remember(Pool pool) => _known.UnionWith(pool.News.Select(transaction => transaction.Txid));

    private static bool HasValue(EthereumTransaction transaction) => transaction.Receiver is not null && !transaction.Value.IsZero;

    private static Spend SpendOf(EthereumTransaction transaction) => new($"{transaction.Sender}/{transaction.Nonce}", transaction.Txid);

    private static Payment PaymentOf(EthereumTransaction transaction, OwnAddress to) => new($"dep_{transaction.Txid}_0", transaction.Txid, 0, Asset.Ethereum, transaction.Value, to);

    private async Task<IReadOnlyDictionary<string, OwnAddress>> OwnAsync(string[] addresses, CancellationToken cancellationToken) => addresses.Length == 0 ? new Dictionary<string, OwnAddress>()
        : await database.ReadAsync(session => session.OwnAddressesAsync(Chain, [.. addresses.Distinct(StringComparer.Ordinal)]), cancellationToken);

    private async Task<IReadOnlyList<Payment>> PaymentsAsync(EthereumBlock block, IReadOnlyList<TokenTransfer> transfers, IReadOnlyDictionary<string, OwnAddress> own, CancellationToken cancellationToken)
    {
        if (!block.Transactions.Any(transaction => HasValue(transaction) && own.ContainsKey(transaction.Receiver!)) && !transfers.Any(transfer => own.ContainsKey(transfer.Receiver)))
            return [];
        var outcomes = await node.OutcomesAsync(block.Reference.Hash, cancellationToken);
        var payments = new List<Payment>();
        foreach (var transaction in block.Transactions.Where(HasValue))
        {
            // A transaction that failed moved nothing but its fee.
            if (own.TryGetValue(transaction.Receiver!, out var to) && OutcomeOf(transaction.Txid).HasSucceeded)
                payments.Add(PaymentOf(transaction, to));
        }

        foreach (var transfer in transfers)
        {
            if (!own.TryGetValue(transfer.Receiver, out var to))
                continue;
            // The place in its transaction is the same in whichever block it comes.
            var position = transfer.Log - OutcomeOf(transfer.Txid).FirstLog!.Value;
            payments.Add(new Payment($"dep_{transfer.Txid}_log{position}", transfer.Txid, position, new Asset(Chain, transfer.Token).ToString(), transfer.Amount, to));
        }

        return payments;

        TransactionOutcome OutcomeOf(string txid) => outcomes.TryGetValue(txid, out var outcome) ? outcome : throw new NodeUnreachableException($"the node has no receipt of {txid} in block {block.Reference.Number}");
    }
}
