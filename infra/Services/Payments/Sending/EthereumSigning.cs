using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using Nethereum.Model;

namespace HaCluster.Payments.Sending;

/// <summary>From approved transfers to stored bytes: gives each a nonce, prices its transactions, has them signed and stores them.</summary>
internal sealed class EthereumSigning(SenderContext context, EthereumNode node)
{
    private const string Actor = "sender";

    /// <summary>Nodes take a replacement that pays a tenth more (geth's txpool.pricebump); an eighth is above every rounding.</summary>
    private const int RaiseNumerator = 9;

    private const int RaiseDenominator = 8;

    /// <summary>Of a payment without data to an account without code (https://ethereum.github.io/yellowpaper/paper.pdf, appendix G).</summary>
    private const long PlainGas = 21_000;

    /// <summary>In the orders of wallets whose key no signer has.</summary>
    private const string ColdKey = "cold";

    private static readonly BigInteger OneWei = 1;

    /// <summary>Contracts may need more in another block than in the one that was estimated; what is not used is not paid.</summary>
    public static long GasLimit(long estimate) => estimate == PlainGas ? estimate : estimate + (estimate / 4);

    /// <summary>Has the first transaction of a transfer signed, and stores the bytes.</summary>
    /// <returns>The transfer; null: it waits.</returns>
    public async Task<Transfer?> SignAsync(Wallet wallet, Transfer transfer, ChangeRequests requests, CancellationToken cancellationToken)
    {
        var draft = await DraftAsync(wallet, transfer, requests.PurposeAfter(transfer.Kind == Transfer.Sweep ? Attempt.Sweep : Attempt.Payment), cancellationToken);
        var gas = await GasAsync(wallet, draft, cancellationToken);
        if (gas is null && transfer.Kind == Transfer.Sweep)
        {
            // An address can no longer be swept, or others have swept so much that more is to be done for the rest: the next round looks again. A nonce that is taken is used up by a cancellation.
            if (await AbandonAsync(wallet, transfer, cancellationToken))
                return null;
            (draft, gas) = (draft with { Purpose = Attempt.Cancellation }, PlainGas);
        }

        if (gas is null || await PriceAsync(transfer, gas.Value, null, cancellationToken) is not { } price)
            return null;
        if (await NonceAsync(wallet, transfer, draft.Purpose, cancellationToken) is not { } nonce)
            return null;
        context.Faults.Reach(FaultPoint.InputsReserved);
        var order = draft with { Nonce = nonce, GasLimit = gas.Value, MaxFeePerGas = Amount.Write(price.MaxFee), MaxPriorityFeePerGas = Amount.Write(price.Tip) };
        return await StoreAsync(wallet, transfer, order, 1, cancellationToken);
    }

    /// <summary>Has the next transaction of a transfer signed, with the same nonce and both fees raised, and stores the bytes.</summary>
    /// <returns>False: it is held back, it may not cost so much, the signer refuses, or it waits for a cold key.</returns>
    public async Task<bool> ReplaceAsync(Wallet wallet, Transfer transfer, Newest newest, string purpose, CancellationToken cancellationToken)
    {
        if (purpose != Attempt.Cancellation && await context.HoldsAsync(transfer.Id, [transfer], cancellationToken))
            return false;
        var nonce = await context.Database.ReadAsync(session => session.NonceAsync(transfer.Id), cancellationToken)
            ?? throw new InvalidOperationException($"transfer {transfer.Id} has a transaction and no nonce");
        var gas = purpose == Attempt.Cancellation ? PlainGas : newest.Gas;
        if (await PriceAsync(transfer, gas, (newest.MaxFee, newest.Tip), cancellationToken) is not { } price)
            return false;
        var order = await DraftAsync(wallet, transfer, purpose, cancellationToken) with { Nonce = nonce, GasLimit = gas, MaxFeePerGas = Amount.Write(price.MaxFee), MaxPriorityFeePerGas = Amount.Write(price.Tip) };
        return await StoreAsync(wallet, transfer, order, newest.Number + 1, cancellationToken) is not null;
    }

    /// <summary>The order, but for what the chain says.</summary>
    private async Task<EthereumOrder> DraftAsync(Wallet wallet, Transfer transfer, string purpose, CancellationToken cancellationToken)
    {
        var order = new EthereumOrder(
            wallet.SigningKey ?? ColdKey, transfer.Id, purpose, transfer.Asset, transfer.Destination, Amount.Write(transfer.Amount), context.Networks.EthereumChainId, 0, PlainGas, "1", "1");
        return transfer.Kind == Transfer.Sweep ? order.Of(await context.Database.ReadAsync(session => session.SweepForwardersAsync(transfer.Id), cancellationToken)) : order;
    }

    /// <returns>Null: it would fail.</returns>
    private async Task<long?> GasAsync(Wallet wallet, EthereumOrder draft, CancellationToken cancellationToken)
    {
        if (draft.Purpose == Attempt.Cancellation)
            return PlainGas;
        try
        {
            var (receiver, value, data) = EthereumTransactions.Content(draft, wallet.Sender!);
            return GasLimit(await node.EstimateGasAsync(wallet.Sender!, receiver, value, data, cancellationToken));
        }
        catch (NodeRefusedException exception)
        {
            context.Metrics.Held(draft.Transfer, $"the node says that it would fail: {exception.Reason}");
            return null;
        }
    }

    /// <summary>Ends a sweep for which nothing of the chain was set aside.</summary>
    /// <returns>False: it has a nonce.</returns>
    private async Task<bool> AbandonAsync(Wallet wallet, Transfer transfer, CancellationToken cancellationToken)
    {
        var (isAbandoned, moved) = await context.Database.ChangeAsync(
            async session =>
            {
                await session.WalletAsync(wallet.Id, forUpdate: true);
                return await session.NonceAsync(transfer.Id) is not null ? (false, null)
                    : (true, await session.MoveAsync(transfer, TransferEvent.Refuse, Actor, context.Clock.GetUtcNow(), failed => failed with { Reason = "the node says that the sweep would fail" }));
            },
            cancellationToken);
        context.LogMove(moved, transfer);
        return isAbandoned;
    }

    /// <summary>The nonce of a transfer, which is its own from now on.</summary>
    /// <returns>Null: it is not to be signed.</returns>
    private async Task<long?> NonceAsync(Wallet wallet, Transfer transfer, string purpose, CancellationToken cancellationToken)
    {
        var used = await node.NonceAsync(wallet.Sender!, "latest", cancellationToken);
        var (taken, problem) = await context.Database.ChangeAsync<(long?, string?)>(
            async session =>
            {
                await session.WalletAsync(wallet.Id, forUpdate: true);
                if (await session.TransferAsync(transfer.Id, forUpdate: true) is not { State: TransferState.Approved })
                    return (null, null);
                if (purpose != Attempt.Cancellation && await session.ProblemAsync([transfer], context.Clock.GetUtcNow()) is { } problem)
                    return (null, problem);
                if (await session.NonceAsync(transfer.Id) is { } taken)
                    return (taken, null);
                var next = await session.GetAsync<long>("select coalesce(max(nonce) + 1, 0) from nonces where chain = @Ethereum and sender = @Sender", new { Asset.Ethereum, wallet.Sender });
                var nonce = Math.Max(next, used);
                await session.ExecuteAsync("insert into nonces (chain, sender, nonce, transfer) values (@Ethereum, @Sender, @nonce, @Id)", new { Asset.Ethereum, wallet.Sender, nonce, transfer.Id });
                return (nonce, null);
            },
            cancellationToken);
        if (problem is not null)
            context.Metrics.Held(transfer.Id, problem);
        return taken;
    }

    /// <summary>What a transaction offers per gas, within what the transfer may cost.</summary>
    /// <param name="replaced">What the one that it replaces offers; null: it is the first.</param>
    /// <returns>Null: the transfer may not cost what the chain asks for.</returns>
    private async Task<(BigInteger MaxFee, BigInteger Tip)?> PriceAsync(Transfer transfer, long gas, (BigInteger MaxFee, BigInteger Tip)? replaced, CancellationToken cancellationToken)
    {
        var (baseFee, tip) = await node.FeesAsync(cancellationToken);
        tip = BigInteger.Max(tip, OneWei);
        // Twice the base fee holds for six full blocks, each of which raises it by an eighth.
        var maxFee = (2 * baseFee) + tip;
        var limit = transfer.MaxFee / gas;
        if (replaced is { } old)
        {
            tip = BigInteger.Max(tip, Raised(old.Tip));
            maxFee = BigInteger.Max(BigInteger.Max(maxFee, tip), Raised(old.MaxFee));
            if (maxFee > limit && Raised(old.MaxFee) <= limit)
                maxFee = limit;
        }
        else
        {
            maxFee = BigInteger.Min(maxFee, limit);
        }

        if (maxFee > limit || maxFee <= baseFee)
        {
            context.Metrics.Held(transfer.Id, $"the chain's base fee is {baseFee} wei per gas; the transfer may cost {transfer.MaxFee} wei, which is {limit} per gas{(replaced is null ? "" : ", too little to replace its transaction")}");
            return null;
        }

        return (maxFee, BigInteger.Min(tip, maxFee));
    }

    /// <summary>Has an order signed and stores the bytes; that of a cold key is stored as it is, and waits.</summary>
    /// <returns>The transfer; null: it waits.</returns>
    private async Task<Transfer?> StoreAsync(Wallet wallet, Transfer transfer, EthereumOrder order, long number, CancellationToken cancellationToken)
    {
        if (wallet.IsCold)
        {
            var export = new Export { Transfer = transfer.Id, Number = number, Purpose = order.Purpose, Content = EthereumTransactions.Write(order), FeeRate = Amount.Read(order.MaxFeePerGas), MaxFee = order.MostFee() };
            await context.Database.ChangeAsync(session => session.AddExportAsync(export, wallet.Id, context.Clock.GetUtcNow()), cancellationToken);
            return null;
        }

        string? reason = null;
        SignedBytes signed;
        try
        {
            signed = await context.Signer!.SignAsync(order, cancellationToken);
        }
        catch (SigningRefusedException exception) when (order.Purpose != Attempt.Cancellation && number == 1)
        {
            // Its nonce is taken: something has to use it, or no later transfer goes out.
            context.Metrics.Alarm(transfer.Id, $"the signer refuses: {exception.Code}: {exception.Message}");
            reason = $"refused by the signer: {exception.Code}: {exception.Message}";
            order = order with { Purpose = Attempt.Cancellation, GasLimit = PlainGas };
            try
            {
                signed = await context.Signer!.SignAsync(order, cancellationToken);
            }
            catch (SigningRefusedException again)
            {
                context.Metrics.Held(transfer.Id, $"the signer refuses the cancellation too: {again.Code}: {again.Message}");
                return null;
            }
        }
        catch (SigningRefusedException exception)
        {
            context.Metrics.Held(transfer.Id, $"the signer refuses: {exception.Code}: {exception.Message}");
            return null;
        }

        // The signer is another program on another trust: what it gives is looked at before it is kept.
        signed = EthereumTransactions.Check(order, wallet.Sender!, signed.Raw);
        context.Faults.Reach(FaultPoint.TransactionSigned);
        var now = context.Clock.GetUtcNow();
        var attempt = new Attempt
        {
            Transfer = transfer.Id,
            Number = number,
            Purpose = order.Purpose,
            Txid = signed.Txid,
            Raw = signed.Raw,
            FeeRate = Amount.Read(order.MaxFeePerGas),
            MaxFee = order.MostFee(),
        };
        var stored = await context.Database.ChangeAsync(
            async session =>
            {
                // Another replica that was first makes this a duplicate, and the whole transaction nothing.
                await session.AddAttemptAsync(attempt, now);
                return number > 1 ? transfer
                    : await session.MoveAsync(transfer, TransferEvent.Sign, Actor, now, moved => moved with { Reason = reason })
                    ?? throw new InvalidOperationException($"transfer {transfer.Id} was changed although its nonce was taken");
            },
            cancellationToken);
        context.LogMove(stored, transfer);
        context.Faults.Reach(FaultPoint.BytesStored);
        return stored;
    }

    private static BigInteger Raised(BigInteger price) => ((price * RaiseNumerator) + RaiseDenominator - 1) / RaiseDenominator;

    /// <summary>What the next transaction of a transfer has to outbid.</summary>
    internal sealed record Newest(long Number, string Purpose, long Gas, BigInteger MaxFee, BigInteger Tip)
    {
        public static Newest Of(Attempt attempt) => TransactionFactory.CreateTransaction(attempt.Raw) is Transaction1559 { GasLimit: { } gas, MaxFeePerGas: { } maxFee, MaxPriorityFeePerGas: { } tip }
            ? new Newest(attempt.Number, attempt.Purpose, (long)gas, maxFee, tip)
            : throw new InvalidOperationException($"attempt {attempt.Number} of transfer {attempt.Transfer} is not a transaction of EIP-1559");

        public static Newest Of(Export export)
        {
            var order = EthereumTransactions.Read(export.Content);
            return new Newest(export.Number, export.Purpose, order.GasLimit, Amount.Read(order.MaxFeePerGas), Amount.Read(order.MaxPriorityFeePerGas));
        }
    }
}
