using HaCluster.Payments.Access;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Http;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using Nethereum.Hex.HexConvertors.Extensions;

namespace HaCluster.Payments.Serving;

/// <summary>Transfers of cold wallets: the transaction to sign goes out, and what was signed comes in. Here nothing is sent: the sender does it, with the bytes that are stored.</summary>
internal sealed class ColdRoutes(Database database, Networks networks, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/transfers/{id}/unsigned", ExportAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapPost("/v1/transfers/{id}/signed", ImportAsync).WithMetadata(new NeedsScope(Scopes.Transfer));
    }

    private async Task ExportAsync(HttpContext context) => await Json.AnswerAsync(context, StatusCodes.Status200OK, await database.ReadAsync(
        async session =>
        {
            var transfer = await TransferRoutes.FindAsync(session, context);
            var wallet = await ColdWalletAsync(session, transfer);
            var (exports, attempts) = (await session.ExportsAsync(transfer.Id), await session.AttemptsAsync(transfer.Id));
            if (exports is not [.., var newest])
                throw new RefusedException(StatusCodes.Status409Conflict, "not-ready", $"the transfer is {TransferMachine.Name(transfer.State)}, and its transaction is not made yet: it needs an approved transfer, a node and funds");
            if (attempts.Any(attempt => attempt.Number >= newest.Number) || TransferMachine.Ends.Contains(transfer.State))
                throw new RefusedException(StatusCodes.Status409Conflict, "nothing-to-sign", $"the transfer is {TransferMachine.Name(transfer.State)}, and every transaction of it is signed");
            return Describe(wallet, newest);
        },
        context.RequestAborted));

    private async Task ImportAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<SignedRequest>(context);
        if (request.Signed is not { Length: > 0 } text || !text.All(letter => letter is > ' ' and <= '~'))
            throw RefusedException.Invalid("signed", "write the signed transaction in hexadecimal, or the signed PSBT in Base64");
        var actor = RequestGate.PrincipalOf(context).Name;
        await Json.AnswerAsync(context, StatusCodes.Status200OK, await database.ChangeAsync(
            async session =>
            {
                var transfer = await TransferRoutes.FindAsync(session, context, forUpdate: true);
                var wallet = await ColdWalletAsync(session, transfer);
                var (export, signed) = Match(wallet, await session.ExportsAsync(transfer.Id), text);
                var attempts = await session.AttemptsAsync(transfer.Id);
                if (attempts.All(attempt => attempt.Txid != signed.Txid))
                    transfer = await StoreAsync(session, transfer, export, signed, attempts, actor);
                return await TransferRoutes.DescribeAsync(session, transfer);
            },
            context.RequestAborted));
    }

    /// <summary>Stores the bytes like those of the signer: from now on the sender sends them.</summary>
    private async Task<Transfer> StoreAsync(Session session, Transfer transfer, Export export, SignedBytes signed, IReadOnlyList<Attempt> attempts, string actor)
    {
        var now = clock.GetUtcNow();
        if (TransferMachine.Ends.Contains(transfer.State))
            throw new RefusedException(StatusCodes.Status409Conflict, "ended", $"the transfer is {TransferMachine.Name(transfer.State)}");
        if (attempts.Any(attempt => attempt.Number == export.Number))
            throw new RefusedException(StatusCodes.Status409Conflict, "already-signed", $"transaction {export.Number} was handed in with another signature, and is being sent");
        if (export.Purpose != Attempt.Cancellation && (await session.RequestsAsync(transfer.Id)).Cancellation is not null)
            throw new RefusedException(StatusCodes.Status409Conflict, "cancel-requested", "its cancellation was requested: sign that instead");
        if (export.Purpose != Attempt.Cancellation && await session.IsStoppedAsync())
            throw new RefusedException(StatusCodes.Status403Forbidden, "kill-switch", "the kill switch is on: only cancellations are accepted");
        if (export.Purpose == Attempt.Payment && !await session.IsListedAsync(transfer.Wallet, transfer.Destination, now))
            throw new RefusedException(StatusCodes.Status403Forbidden, "destination-not-allowed", $"{transfer.Destination} is no longer an allowed destination of the wallet");
        await session.AddAttemptAsync(
            new Attempt { Transfer = transfer.Id, Number = export.Number, Purpose = export.Purpose, Txid = signed.Txid, Raw = signed.Raw, FeeRate = export.FeeRate, MaxFee = export.MaxFee }, now);
        return await session.MoveAsync(transfer, TransferEvent.Sign, actor, now) ?? transfer;
    }

    /// <summary>The exported transaction that was signed.</summary>
    private (Export Export, SignedBytes Signed) Match(Wallet wallet, IReadOnlyList<Export> exports, string text)
    {
        SigningRefusedException? refused = null;
        foreach (var export in exports.Reverse())
        {
            try
            {
                return (export, ColdSignature.Check(wallet, networks, export, text));
            }
            catch (SigningRefusedException exception)
            {
                refused ??= exception;
            }
        }

        throw new RefusedException(StatusCodes.Status422UnprocessableEntity, refused?.Code ?? "not-ready", refused?.Message ?? "nothing was exported for this transfer yet");
    }

    private static async Task<Wallet> ColdWalletAsync(Session session, Transfer transfer) => await session.WalletAsync(transfer.Wallet) is { IsCold: true } wallet
        ? wallet
        : throw new RefusedException(StatusCodes.Status409Conflict, "not-cold", "the signer has the key of this wallet: there is nothing to sign by hand");

    private static object Describe(Wallet wallet, Export export)
    {
        if (wallet.Chain == Asset.Bitcoin)
            return new { export.Transfer, export.Number, export.Purpose, Fee = export.MaxFee, Psbt = export.Content };
        var order = EthereumTransactions.Read(export.Content);
        var (receiver, value, data) = EthereumTransactions.Content(order, wallet.Sender!);
        return new
        {
            export.Transfer,
            export.Number,
            export.Purpose,
            export.MaxFee,
            Transaction = new
            {
                Type = "0x2",
                order.ChainId,
                order.Nonce,
                From = wallet.Sender,
                To = receiver,
                Value = value,
                Data = data.Length == 0 ? "0x" : data,
                Gas = order.GasLimit,
                order.MaxFeePerGas,
                order.MaxPriorityFeePerGas,
            },
            Rlp = EthereumTransactions.Build(order, wallet.Sender!).GetRLPEncodedRaw().ToHex(prefix: true),
        };
    }
}
