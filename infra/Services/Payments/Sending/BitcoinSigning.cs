using System.Numerics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;
using Coin = HaCluster.Payments.Wallets.Coin;

namespace HaCluster.Payments.Sending;

/// <summary>From approved transfers to stored bytes: puts transfers together, sets coins aside for them, has their transactions signed and stores them.</summary>
internal sealed class BitcoinSigning(SenderContext context)
{
    private const string Actor = "sender";

    /// <summary>Sets coins aside for transfers, and an address for their change. Those that get coins together are a batch, for good.</summary>
    /// <param name="candidates">In the order in which they were asked for.</param>
    /// <param name="rate">Satoshi per 1000 virtual bytes.</param>
    /// <returns>Those that got coins, the owner first; empty: none did.</returns>
    public async Task<IReadOnlyList<Transfer>> ReserveAsync(Wallet wallet, IReadOnlyList<Transfer> candidates, BigInteger rate, CancellationToken cancellationToken)
    {
        context.Faults.Reach(FaultPoint.TransferChosen);
        return await context.Database.ChangeAsync<IReadOnlyList<Transfer>>(
            async session =>
            {
                var locked = (await session.WalletAsync(wallet.Id, forUpdate: true))!;
                if (await session.IsStoppedAsync())
                    return [];
                var now = context.Clock.GetUtcNow();
                var ids = candidates.Select(candidate => candidate.Id).ToArray();
                var taken = (await session.OwnersAsync(ids)).Keys.Concat(await session.WithCoinsAsync(ids)).ToHashSet(StringComparer.Ordinal);
                var free = new List<Transfer>();
                foreach (var id in ids.Where(id => !taken.Contains(id)))
                {
                    if (await session.TransferAsync(id, forUpdate: true) is { State: TransferState.Approved } transfer && await session.IsListedAsync(wallet.Id, transfer.Destination, now))
                        free.Add(transfer);
                }

                if (Choose(wallet, free, await session.SpendableCoinsAsync(wallet.Id), rate) is not var (chosen, plan))
                    return [];
                if (chosen.Count > 1)
                    await session.JoinAsync(chosen, now);
                await session.ReserveAsync(plan.Coins, chosen[0].Id);
                await session.AddAddressAsync(locked, context.Networks, WalletAddress.Change, chosen[0].Id, null, null, Actor, now);
                return chosen;
            },
            cancellationToken);
    }

    /// <summary>What the next transaction of a batch spends and costs, with its coins.</summary>
    /// <param name="replacedFee">What the transaction pays that it replaces; null: it is the first.</param>
    /// <returns>Null: it may not cost so much, or the coins have too little.</returns>
    public BitcoinPlan? PlanOf(Wallet wallet, Batch batch, IReadOnlyList<Coin> coins, BigInteger rate, BigInteger? replacedFee) => batch.Paid is { Count: > 0 } paid
        ? BitcoinPlan.Of(coins, SumOf(paid), rate, batch.MaxFee, wallet.Script, DestinationBytes(paid), ChangeBytes(wallet), replacedFee)
        : BitcoinPlan.Cancel(coins, rate, batch.MaxFee, wallet.Script, ChangeBytes(wallet), replacedFee);

    /// <summary>Has a plan signed and stores the bytes; that of a cold key is stored as it is, and waits.</summary>
    /// <param name="number">Of the transaction, from 1.</param>
    /// <returns>False: it waits, or the signer refuses.</returns>
    public async Task<bool> StoreAsync(Wallet wallet, Batch batch, BitcoinPlan plan, BigInteger rate, long number, CancellationToken cancellationToken)
    {
        var change = await context.Database.ReadAsync(session => session.ChangeAddressAsync(wallet.Id, batch.Owner), cancellationToken)
            ?? throw new InvalidOperationException($"transfer {batch.Owner} has coins and no address for their change");
        var psbt = BitcoinTransactions.Build(wallet, context.Networks, batch.Paid, plan, change);
        var purpose = batch.Paid.Count > 0 ? Attempt.Payment : Attempt.Cancellation;
        if (wallet.IsCold)
        {
            var export = new Export { Transfer = batch.Owner, Number = number, Purpose = purpose, Content = psbt.ToBase64(), FeeRate = rate, MaxFee = plan.Fee };
            await context.Database.ChangeAsync(session => session.AddExportAsync(export, wallet.Id, context.Clock.GetUtcNow()), cancellationToken);
            return false;
        }

        SignedBytes signed;
        try
        {
            signed = await context.Signer!.SignAsync(batch.Order(wallet.SigningKey!, plan.Fee, psbt.ToBase64()), cancellationToken);
        }
        catch (SigningRefusedException exception)
        {
            await RefusedAsync(wallet, batch, exception, cancellationToken);
            return false;
        }

        signed = BitcoinTransactions.Check(psbt, context.Networks, signed.Raw);
        context.Faults.Reach(FaultPoint.TransactionSigned);
        await StoreAsync(batch, new Attempt { Transfer = batch.Owner, Number = number, Purpose = purpose, Txid = signed.Txid, Raw = signed.Raw, FeeRate = rate, MaxFee = plan.Fee }, cancellationToken);
        context.Faults.Reach(FaultPoint.BytesStored);
        return true;
    }

    private async Task StoreAsync(Batch batch, Attempt attempt, CancellationToken cancellationToken)
    {
        var now = context.Clock.GetUtcNow();
        var moved = await context.Database.ChangeAsync(
            async session =>
            {
                await session.AddAttemptAsync(attempt, now);
                if (batch.Members.Count > 1)
                {
                    foreach (var (transfer, share) in batch.SharesOf(attempt.MaxFee))
                        await session.AddShareAsync(batch.Owner, attempt.Number, transfer, batch.Members.Single(member => member.Transfer.Id == transfer).Purpose, share);
                }

                var signed = new List<Transfer>();
                foreach (var member in attempt.Number == 1 ? batch.Bearers : [])
                {
                    signed.Add(await session.MoveAsync(member.Transfer, TransferEvent.Sign, Actor, now)
                        ?? throw new InvalidOperationException($"transfer {member.Transfer.Id} was changed although its coins were set aside"));
                }

                return signed;
            },
            cancellationToken);
        foreach (var one in moved)
            context.LogMove(one, batch.Members.Single(member => member.Transfer.Id == one.Id).Transfer);
    }

    /// <summary>
    /// A transfer of several that is refused by itself fails, and the others go on with the same coins. Where all are refused they fail, and their coins are free again once the signer has recorded that it will
    /// never sign them; if it has signed before, someone may have the bytes, and the coins go back to the wallet by a cancellation.
    /// </summary>
    private async Task RefusedAsync(Wallet wallet, Batch batch, SigningRefusedException exception, CancellationToken cancellationToken)
    {
        var isOne = exception.Transfer is not null && batch.Paid.Count > 1 && batch.Paid.Any(transfer => transfer.Id == exception.Transfer);
        context.Metrics.Alarm(isOne ? exception.Transfer! : batch.Owner, $"the signer refuses: {exception.Code}: {exception.Message}");
        // A cancellation of all of them is refused only where the signer has promised never to sign for them.
        if (batch.IsSigned || (batch.Paid.Count == 0 && exception.Code != SignerJournal.Forsworn))
            return;
        if (!isOne && !await ForswearAsync(wallet, batch, exception, cancellationToken))
            return;
        var failed = await context.Database.ChangeAsync(
            async session =>
            {
                var current = await Batch.ReadAsync(session, batch.Owner);
                // Another replica's bytes may be there.
                if (current.IsSigned)
                    return [];
                var failed = new List<(Transfer? Moved, Transfer Before)>();
                foreach (var member in current.Open.Where(member => !isOne || member.Transfer.Id == exception.Transfer))
                {
                    var (happened, reason) = !isOne && member.Requests.Cancellation is { } asked ? (TransferEvent.Cancel, $"cancelled by {asked.RequestedBy}")
                        : (TransferEvent.Refuse, $"refused by the signer: {exception.Code}: {exception.Message}");
                    failed.Add((await session.MoveAsync(member.Transfer, happened, Actor, context.Clock.GetUtcNow(), moved => moved with { Reason = reason }), member.Transfer));
                }

                if (!isOne)
                    await session.FreeCoinsAsync(batch.Owner);
                return failed;
            },
            cancellationToken);
        foreach (var (moved, before) in failed)
            context.LogMove(moved, before);
    }

    /// <returns>False: a signature may be anywhere, and the cancellation of all transfers was asked for; or it is not known.</returns>
    private async Task<bool> ForswearAsync(Wallet wallet, Batch batch, SigningRefusedException refusal, CancellationToken cancellationToken)
    {
        try
        {
            await context.Signer!.ForswearAsync(new ForswornOrder(wallet.SigningKey!, batch.Owner, [.. batch.Members.Select(member => member.Transfer.Id)]), cancellationToken);
            return true;
        }
        catch (SigningRefusedException exception)
        {
            // Whatever else it is (it no longer has the key), the transfers wait for a person. So they do where the signer has signed one of them in another way, for no cancellation of these coins can be signed then.
            if (exception.Code != SignerJournal.AlreadySigned || SignerJournal.Contradictions.Contains(refusal.Code))
                return false;
            await context.Database.ChangeAsync(
                async session =>
                {
                    foreach (var transfer in batch.Paid)
                        await session.RequestAsync(transfer, ChangeRequest.Cancel, 0, Actor, context.Clock.GetUtcNow());
                },
                cancellationToken);
            return false;
        }
    }

    /// <summary>All candidates if the coins cover them; otherwise those, in their order, that they do cover.</summary>
    private (IReadOnlyList<Transfer> Chosen, BitcoinPlan Plan)? Choose(Wallet wallet, List<Transfer> candidates, IReadOnlyList<Coin> coins, BigInteger rate)
    {
        if (candidates.Count == 0)
            return null;
        if (Select(candidates) is { } whole)
            return (candidates, whole);
        List<Transfer> chosen = [];
        BitcoinPlan? plan = null;
        foreach (var candidate in candidates)
        {
            if (Select([.. chosen, candidate]) is not { } larger)
                continue;
            chosen.Add(candidate);
            plan = larger;
        }

        return plan is null ? null : (chosen, plan);

        BitcoinPlan? Select(IReadOnlyList<Transfer> paid) => BitcoinPlan.Select(coins, SumOf(paid), rate, Batch.MaxFeeOf(paid), wallet.Script, DestinationBytes(paid), ChangeBytes(wallet));
    }

    private static BigInteger SumOf(IEnumerable<Transfer> paid) => paid.Aggregate(BigInteger.Zero, (sum, transfer) => sum + transfer.Amount);

    private int DestinationBytes(IReadOnlyCollection<Transfer> paid) => BitcoinPlan.Together([.. paid.Select(transfer => ScriptBytes(transfer.Destination))]);

    private int ChangeBytes(Wallet wallet) => ScriptBytes(wallet.AddressAt(context.Networks, WalletAddress.Change, 0));

    private int ScriptBytes(string address) => BitcoinAddress.Create(address, context.Networks.Bitcoin).ScriptPubKey.Length;
}
