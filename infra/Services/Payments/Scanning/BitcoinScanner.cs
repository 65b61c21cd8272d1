using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Scanning;

/// <summary>
/// Looks through every block once, in order, and takes those back that the chain has replaced. Each block is one transaction with its place: after any interruption the next one follows, so no gap of the service is a
/// gap of the books.
/// </summary>
internal sealed class BitcoinScanner(Database database, BitcoinNode node, Networks networks, PaymentsMetrics metrics, TimeProvider clock, int confirmations)
{
    /// <summary>Blocks of a round: a long way behind, others get their turn.</summary>
    private const int MostBlocks = 200;

    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        var head = await node.HeadAsync(cancellationToken);
        for (var count = 0; count < MostBlocks; count++)
        {
            var scanned = await database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin), cancellationToken);
            if (scanned is not null && await node.HashAsync(scanned.Number, cancellationToken) != scanned.Hash)
                await TakeBackAsync(scanned, cancellationToken);
            else if ((scanned?.Number ?? head.Number - 1) >= head.Number)
                break;
            else if (await node.HashAsync(scanned is null ? head.Number : scanned.Number + 1, cancellationToken) is { } hash)
                await ReadAsync(scanned, new BlockReference(scanned is null ? head.Number : scanned.Number + 1, hash), cancellationToken);
        }

        var final = head.Number - confirmations + 1;
        await database.ChangeAsync(session => session.SettleAsync(Asset.Bitcoin, final, clock.GetUtcNow()), cancellationToken);
    }

    private async Task TakeBackAsync(BlockReference block, CancellationToken cancellationToken)
    {
        metrics.Alarm(block.Hash, $"block {block.Number} of bitcoin is no longer part of the chain");
        try
        {
            await database.ChangeAsync(session => session.TakeBackAsync(Asset.Bitcoin, block, clock.GetUtcNow()), cancellationToken);
        }
        catch (NotCoveredException)
        {
            throw new NodeRefusedException("scan", 0, $"block {block.Number} was replaced below what counts as irreversible, and coins of it are spent: stop all transfers and look into it");
        }
    }

    private async Task ReadAsync(BlockReference? before, BlockReference reference, CancellationToken cancellationToken)
    {
        var block = await node.BlockAsync(reference.Hash, cancellationToken);
        // The chain changed between two calls: the next round takes the old one back first.
        if (before is not null && block.Header.HashPrevBlock.ToString() != before.Hash)
            return;
        // What a miner is paid may not be spent for 100 blocks: it is not a deposit.
        var outputs = block.Transactions.Where(transaction => !transaction.IsCoinBase).SelectMany(transaction => transaction.Outputs.AsIndexedOutputs())
            .Select(output => (Output: output, Address: output.TxOut.ScriptPubKey.GetDestinationAddress(networks.Bitcoin)?.ToString()))
            .Where(output => output.Address is not null).ToArray();
        var inputs = block.Transactions.SelectMany(transaction => transaction.Inputs.Select(input => (Outpoint: NameOf(input.PrevOut), Txid: transaction.GetHash().ToString()))).ToLookup(input => input.Outpoint, input => input.Txid, StringComparer.Ordinal);
        await database.ChangeAsync(
            async session =>
            {
                var now = clock.GetUtcNow();
                await session.AddBlockAsync(Asset.Bitcoin, reference);
                var own = await session.OwnAddressesAsync(Asset.Bitcoin, [.. outputs.Select(output => output.Address!).Distinct(StringComparer.Ordinal)]);
                foreach (var (output, address) in outputs)
                {
                    if (own.TryGetValue(address!, out var ours) && output.TxOut.Value > Money.Zero)
                        await FoundAsync(session, output, ours, reference, now);
                }

                // Also of coins that this block has just made.
                foreach (var coin in await session.CoinsAsync([.. inputs.Select(input => input.Key)]))
                    await session.ExecuteAsync("update coins set spent_by = @Txid, spent_height = @Number where outpoint = @Outpoint", new { Txid = inputs[coin.Outpoint].First(), reference.Number, coin.Outpoint });
            },
            cancellationToken);
    }

    private static async Task FoundAsync(Session session, IndexedTxOut output, OwnAddress ours, BlockReference block, DateTimeOffset now)
    {
        var txid = output.Transaction.GetHash().ToString();
        await session.AddCoinAsync(new Coin { Outpoint = $"{txid}:{output.N}", Wallet = ours.Wallet, Branch = ours.Branch, Position = ours.Position, Amount = output.TxOut.Value.Satoshi, Height = block.Number });
        // Change comes back from the wallet's own transfer: in the books it has never left.
        if (ours.Branch == WalletAddress.Change)
            return;
        await session.ArriveAsync(
            new Deposit
            {
                Id = $"dep_{txid}_{output.N}",
                Wallet = ours.Wallet,
                Address = ours.Address,
                Asset = Asset.Bitcoin,
                Amount = output.TxOut.Value.Satoshi,
                Txid = txid,
                Position = output.N,
                Block = block.Hash,
                Height = block.Number,
                State = Deposit.Confirmed,
            },
            now);
    }

    internal static string NameOf(OutPoint outpoint) => $"{outpoint.Hash}:{outpoint.N}";
}
