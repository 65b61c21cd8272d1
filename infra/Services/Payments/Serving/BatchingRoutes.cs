using HaCluster.Payments.Access;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Http;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Serving;

/// <summary>Whether a wallet pays several transfers by one transaction.</summary>
internal sealed class BatchingRoutes(Database database, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPut("/v1/wallets/{id}/batching", SetAsync).WithMetadata(new NeedsScope(Scopes.Admin));

    /// <returns>Null: each transfer has a transaction of its own.</returns>
    internal static object? Describe(Wallet wallet) => wallet.BatchMost == 1 ? null : new { Most = wallet.BatchMost, WaitSeconds = wallet.BatchWait };

    private async Task SetAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<BatchingRequest>(context);
        if (request.Most is not (>= 1 and <= BatchingRule.Largest and var most))
            throw RefusedException.Invalid("most", $"write 1 to {BatchingRule.Largest}");
        if (request.WaitSeconds is < 0 or > BatchingRule.LongestWait)
            throw RefusedException.Invalid("waitSeconds", $"write 0 to {BatchingRule.LongestWait}");
        await Json.AnswerAsync(context, StatusCodes.Status200OK, await database.ChangeAsync(
            async session =>
            {
                var wallet = await WalletRoutes.FindAsync(session, context, forUpdate: true);
                if (wallet.Chain != Asset.Bitcoin || wallet.IsCold)
                    throw new RefusedException(StatusCodes.Status409Conflict, "not-batched", "only a Bitcoin wallet whose key the signer has can pay several transfers by one transaction; transfers of a cold wallet are signed one at a time");
                await session.SetBatchingAsync(wallet.Id, new BatchingRule(most, TimeSpan.FromSeconds(request.WaitSeconds)), RequestGate.PrincipalOf(context).Name, clock.GetUtcNow());
                return WalletRoutes.Describe((await session.WalletAsync(wallet.Id))!);
            },
            context.RequestAborted));
    }
}
