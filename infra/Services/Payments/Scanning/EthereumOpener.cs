using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Scanning;

/// <summary>
/// Takes into the books what a sender had of ether, and all addresses of a wallet of a token, before they were watched: at a block that counts as irreversible, and then what the blocks since have brought, which were
/// looked through without it.
/// </summary>
internal sealed class EthereumOpener(Database database, EthereumNode node, EthereumReader reader, DepositRules rules, TimeProvider clock) : IWalletOpener
{
    private readonly TokenGaps _gaps = new(database, reader, rules, clock);

    public async Task OpenAsync(BlockReference scanned, CancellationToken cancellationToken)
    {
        await OpenPendingAsync(scanned, cancellationToken);
        await _gaps.CloseAsync(scanned, cancellationToken);
    }

    private async Task OpenPendingAsync(BlockReference scanned, CancellationToken cancellationToken)
    {
        var pending = await database.ReadAsync(session => session.UnopenedAsync(rules.Tokens), cancellationToken);
        if (pending.Count == 0 || await node.FinalizedAsync(cancellationToken) is not { } finalized)
            return;
        var height = Math.Min(finalized.Number, scanned.Number);
        var blocks = await database.ReadAsync(session => session.BlocksAsync(Asset.Ethereum, height), cancellationToken);
        // Of another height than this the books could not say which deposits the balance has in it already.
        if (blocks is not [var first, ..] || first.Number != height || (finalized.Number == height && finalized.Hash != first.Hash))
            return;
        var balances = new List<IReadOnlyList<(OwnAddress Address, BigInteger Amount)>>();
        foreach (var one in pending)
            balances.Add(await BalancesAsync(one, EthereumNode.Hex(height), cancellationToken));
        var since = new List<ChainBlock>();
        while (since.Count < blocks.Count - 1)
        {
            var read = await reader.ReadAsync(height + 1 + since.Count, blocks.Count - 1 - since.Count, cancellationToken);
            if (read.Count == 0)
                return;
            since.AddRange(read);
        }

        if (!since.Select(block => block.Reference).SequenceEqual(blocks.Skip(1)))
            return;
        await database.ChangeAsync(
            async session =>
            {
                if (await session.LockScannedAsync(Asset.Ethereum) != scanned)
                    return;
                var now = clock.GetUtcNow();
                foreach (var (one, found) in pending.Zip(balances))
                {
                    if (!await session.OpenAsync(one, height))
                        continue;
                    if (one.Token is not null)
                        await session.BeginTokenScanAsync(one.Asset, scanned.Number);
                    var balance = found.Where(address => !address.Address.IsForwarder).Aggregate(BigInteger.Zero, (sum, address) => sum + address.Amount);
                    // What sweeps have brought to the sender by then is booked with them, and not twice.
                    if (one.Token is null)
                        balance -= await session.SweptUntilAsync(one.Wallet, one.Asset, height);
                    await session.PostAsync(BookEntries.OpenAt(one.Wallet, one.Asset, balance), now);
                    // What a forwarder has is a deposit, so that a sweep of it can be booked.
                    var unswept = found.Where(address => address.Address.IsForwarder && address.Amount > 0).Select(address => OpeningOf(address.Address, one.Asset, address.Amount)).ToArray();
                    await session.ArriveAsync(Asset.Ethereum, first, now, unswept, rules, now);
                    foreach (var block in since)
                        await session.ArriveAsync(Asset.Ethereum, block.Reference, block.Time, [.. block.Payments.Where(one.Has)], rules, now);
                }
            },
            cancellationToken);
    }

    private async Task<IReadOnlyList<(OwnAddress Address, BigInteger Amount)>> BalancesAsync(Unopened one, string block, CancellationToken cancellationToken)
    {
        if (one.Token is not { } token)
            return [(new OwnAddress { Address = one.Sender!, Wallet = one.Wallet }, await node.BalanceAsync(one.Sender!, block, cancellationToken))];
        var addresses = await database.ReadAsync(async session => await session.OwnAddressesAsync(Asset.Ethereum, await session.AllAddressesAsync(one.Wallet)), cancellationToken);
        var balances = new List<(OwnAddress, BigInteger)>();
        foreach (var address in addresses.Values)
            balances.Add((address, await node.TokenBalanceAsync(token, address.Address, block, cancellationToken)));
        return balances;
    }

    /// <summary>It came before the token was watched, nobody knows how. It is what is left at the end of the block: no sweep in the block has moved it.</summary>
    private static Payment OpeningOf(OwnAddress address, string asset, BigInteger amount) => new($"dep_opening_{address.Address}_{asset}", "opening", 0, asset, amount, address, long.MaxValue);
}

/// <summary>Something of a wallet that the books have yet to take over.</summary>
/// <param name="Token">Null: ether of the sender.</param>
internal sealed record Unopened(string Wallet, string? Sender, string? Token)
{
    public string Asset => new Asset(Amounts.Asset.Ethereum, Token).ToString();

    /// <summary>Whether a payment is of it.</summary>
    public bool Has(Payment payment) => payment.To.Wallet == Wallet && payment.Asset == Asset && (Token is not null || payment.To.Address == Sender);
}
