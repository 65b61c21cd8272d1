using System.Text.Json;
using HaCluster.Payments.Access;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Serving;

/// <summary>Rules of automatic forwarding.</summary>
internal sealed class ForwardingRoutes(Database database, Networks networks, TimeProvider clock)
{
    private const string Path = "/v1/wallets/{id}/forwarding";
    private const int LongestReason = 200;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(Path, SetAsync).WithMetadata(new NeedsScope(Scopes.Admin));
        routes.MapGet(Path, ShowAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapPost($"{Path}/suspend", SuspendAsync).WithMetadata(new NeedsScope(Scopes.Admin));
        routes.MapPost($"{Path}/resume", ResumeAsync).WithMetadata(new NeedsScope(Scopes.Admin));
    }

    private async Task SetAsync(HttpContext context)
    {
        using var document = await Json.ReadAsync<JsonDocument>(context);
        var body = document.RootElement.GetRawText();
        await AnswerAsync(context, await database.ChangeAsync(
            async session =>
            {
                var wallet = await session.WalletAsync(IdOf(context), forUpdate: true) ?? throw RefusedException.NotFound("wallet", IdOf(context));
                if (wallet.SigningKey is null)
                    throw new RefusedException(StatusCodes.Status409Conflict, "watch-only", "the wallet has no signing key: coins only come in");
                var rule = Parse(body, wallet);
                var listed = (await session.DestinationsAsync(wallet.Id, null, int.MaxValue)).Select(destination => destination.Address).ToHashSet(StringComparer.Ordinal);
                if (rule.Destinations.FirstOrDefault(destination => !listed.Contains(destination.Address!)) is { } stranger)
                    throw RefusedException.Invalid("destinations", $"{stranger.Address} is not an allowed destination of the wallet; add it first (POST /v1/wallets/ID/destinations)");
                await session.SetForwardingAsync(wallet.Id, rule, Gate.PrincipalOf(context).Name, clock.GetUtcNow());
                return await DescribeAsync(session, wallet.Id);
            },
            context.RequestAborted));
    }

    private async Task ShowAsync(HttpContext context) => await AnswerAsync(context, await database.ReadAsync(session => DescribeAsync(session, IdOf(context)), context.RequestAborted));

    private async Task SuspendAsync(HttpContext context)
    {
        var reason = (await Json.ReadAsync<ReasonRequest>(context)).Reason;
        if (reason is not { Length: > 0 and <= LongestReason } || reason.Any(char.IsControl))
            throw RefusedException.Invalid("reason", $"write why, in 1 to {LongestReason} characters, without control characters");
        await AnswerAsync(context, await ChangeAsync(context, session => session.SuspendForwardingAsync(IdOf(context), reason, Gate.PrincipalOf(context).Name, clock.GetUtcNow())));
    }

    private async Task ResumeAsync(HttpContext context) =>
        await AnswerAsync(context, await ChangeAsync(context, session => session.ResumeForwardingAsync(IdOf(context), Gate.PrincipalOf(context).Name, clock.GetUtcNow())));

    private Task<object> ChangeAsync(HttpContext context, Func<Session, Task> change) => database.ChangeAsync(
        async session =>
        {
            await change(session);
            return await DescribeAsync(session, IdOf(context));
        },
        context.RequestAborted);

    private ForwardingRule Parse(string body, Wallet wallet)
    {
        try
        {
            return ForwardingRule.Parse(body, wallet.Chain, networks);
        }
        catch (FormatException exception)
        {
            throw RefusedException.Invalid("rule", exception.Message);
        }
    }

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static Task AnswerAsync(HttpContext context, object answer) => Json.AnswerAsync(context, StatusCodes.Status200OK, answer);

    private static async Task<object> DescribeAsync(Session session, string wallet)
    {
        var stored = await session.ForwardingAsync(wallet) ?? throw RefusedException.NotFound("rule of forwarding for wallet", wallet);
        var rule = stored.Rule;
        return new
        {
            stored.Wallet,
            stored.Version,
            Destinations = rule.Destinations.Select(destination => new { destination.Address, destination.Share }).ToArray(),
            rule.Threshold,
            rule.Reserve,
            rule.IntervalSeconds,
            rule.MaxFeeShare,
            Suspended = stored.SuspendedAt is not null,
            stored.SuspendedReason,
            stored.SuspendedBy,
            SuspendedAt = Json.Time(stored.SuspendedAt),
            stored.Waiting,
            stored.Failures,
            stored.Round,
            RoundAt = Json.Time(stored.RoundAt),
            Transfers = (await session.RoundAsync(wallet, stored.Round)).Select(transfer => transfer.Id).ToArray(),
            stored.ChangedBy,
            ChangedAt = Json.Time(stored.ChangedAt),
        };
    }
}
