using HaCluster.Payments.Access;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Http;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Serving;

/// <summary>Comparisons of the books with the chains.</summary>
internal sealed class ReconciliationRoutes(Database database, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/reconciliations", RequestAsync).WithMetadata(new NeedsScope(Scopes.Admin));
        routes.MapGet("/v1/reconciliations", ListAsync).WithMetadata(new NeedsScope(Scopes.View));
    }

    private async Task RequestAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<ReconciliationRequest>(context);
        if (request.Chain is not (Asset.Bitcoin or Asset.Ethereum))
            throw RefusedException.Invalid("chain", "choose bitcoin or ethereum");
        var asked = await database.ChangeAsync(session => session.RequestReconciliationAsync(request.Chain, RequestGate.PrincipalOf(context).Name, clock.GetUtcNow()), context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status202Accepted, Describe(asked, []));
    }

    private async Task ListAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var (found, results) = await database.ReadAsync(
            async session =>
            {
                var listed = await session.ReconciliationsAsync(page.Cursor, page.Limit);
                var each = new Dictionary<string, IReadOnlyList<ReconciliationResult>>(StringComparer.Ordinal);
                foreach (var one in listed)
                    each[one.Id] = await session.ResultsAsync(one.Id);
                return (listed, each);
            },
            context.RequestAborted);
        await page.AnswerAsync(context, "reconciliations", found, one => one.Id, one => Describe(one, results[one.Id]));
    }

    private static object Describe(Reconciliation one, IReadOnlyList<ReconciliationResult> results) => new
    {
        one.Id,
        one.Chain,
        State = one.FinishedAt is null ? "waiting" : results.Any(result => !result.Difference.IsZero) ? "differs" : "agrees",
        one.RequestedBy,
        RequestedAt = Json.Time(one.RequestedAt),
        FinishedAt = Json.Time(one.FinishedAt),
        one.Height,
        one.Block,
        one.Method,
        Results = one.FinishedAt is null ? null : results,
    };
}
