using System.Text.Json;
using HaCluster.Payments.Access;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Http;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Serving;

/// <summary>Rules of automatic forwarding and of sweeping, one for each asset.</summary>
internal sealed class ForwardingRoutes(Database database, Networks networks, TimeProvider clock)
{
    private const int LongestReason = 200;

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, kind) in new[] { ("/v1/wallets/{id}/forwarding", RuleKey.Forward), ("/v1/wallets/{id}/sweeping", RuleKey.Sweep) })
        {
            routes.MapPut(path, context => SetAsync(context, kind)).WithMetadata(new NeedsScope(Scopes.Admin));
            routes.MapGet(path, context => ShowAsync(context, kind)).WithMetadata(new NeedsScope(Scopes.View));
            routes.MapPost($"{path}/suspend", context => SuspendAsync(context, kind)).WithMetadata(new NeedsScope(Scopes.Admin));
            routes.MapPost($"{path}/resume", context => ResumeAsync(context, kind)).WithMetadata(new NeedsScope(Scopes.Admin));
        }
    }

    private async Task SetAsync(HttpContext context, string kind)
    {
        using var document = await Json.ReadAsync<JsonDocument>(context);
        var body = document.RootElement.GetRawText();
        await AnswerAsync(context, await database.ChangeAsync(
            async session =>
            {
                var wallet = await session.WalletAsync(IdOf(context), forUpdate: true) ?? throw RefusedException.NotFound("wallet", IdOf(context));
                var asset = AssetOf(context) ?? new Asset(wallet.Chain);
                if (asset.Chain != wallet.Chain)
                    throw RefusedException.Invalid("asset", $"the wallet is of {wallet.Chain}");
                var rule = kind == RuleKey.Sweep ? ParseSweep(body, wallet, asset) : await ParseForwardAsync(session, body, wallet, asset);
                var key = new RuleKey(wallet.Id, asset.ToString(), kind);
                await session.SetForwardingAsync(key, rule, RequestGate.PrincipalOf(context).Name, clock.GetUtcNow());
                return await DescribeAsync(session, (await session.ForwardingAsync(key))!);
            },
            context.RequestAborted));
    }

    private async Task ShowAsync(HttpContext context, string kind) =>
        await AnswerAsync(context, await database.ReadAsync(async session => await DescribeAsync(session, (await FindAsync(session, context, kind))[0]), context.RequestAborted));

    private async Task SuspendAsync(HttpContext context, string kind)
    {
        var reason = (await Json.ReadAsync<ReasonRequest>(context)).Reason;
        if (reason is not { Length: > 0 and <= LongestReason } || reason.Any(char.IsControl))
            throw RefusedException.Invalid("reason", $"write why, in 1 to {LongestReason} characters, without control characters");
        await ChangeAsync(context, kind, (session, rule) => session.SuspendAsync(rule, reason, RequestGate.PrincipalOf(context).Name, clock.GetUtcNow()));
    }

    private Task ResumeAsync(HttpContext context, string kind) => ChangeAsync(context, kind, (session, rule) => session.ResumeAsync(rule, RequestGate.PrincipalOf(context).Name, clock.GetUtcNow()));

    /// <summary>All rules of the kind, or that of the asset which the request names.</summary>
    private async Task ChangeAsync(HttpContext context, string kind, Func<Session, RuleKey, Task<bool>> change) => await AnswerAsync(context, await database.ChangeAsync(
        async session =>
        {
            var rules = await FindAsync(session, context, kind);
            foreach (var rule in rules)
                await change(session, rule.Key);
            return await DescribeAsync(session, (await session.ForwardingAsync(rules[0].Key))!);
        },
        context.RequestAborted));

    /// <returns>The coin's first; at least one.</returns>
    private static async Task<IReadOnlyList<StoredForwarding>> FindAsync(Session session, HttpContext context, string kind)
    {
        var asset = AssetOf(context);
        var rules = (await session.ForwardingsAsync(IdOf(context))).Where(rule => rule.Kind == kind && (asset is null || rule.Asset == asset.Value.ToString())).ToArray();
        return rules.Length > 0 ? rules : throw RefusedException.NotFound(kind == RuleKey.Sweep ? "rule of sweeping for wallet" : "rule of forwarding for wallet", IdOf(context));
    }

    private async Task<ForwardingRule> ParseForwardAsync(Session session, string body, Wallet wallet, Asset asset)
    {
        if (wallet.SigningKey is null)
            throw new RefusedException(StatusCodes.Status409Conflict, "watch-only", "the wallet is watch-only (no signing key)");
        var rule = Parse(body, asset, RuleKey.Forward);
        var listed = (await session.DestinationsAsync(wallet.Id, null, int.MaxValue)).Select(destination => destination.Address).ToHashSet(StringComparer.Ordinal);
        return rule.Destinations.FirstOrDefault(destination => !listed.Contains(destination.Address!)) is { } unlisted
            ? throw RefusedException.Invalid("destinations", $"{unlisted.Address} is not an allowed destination of the wallet; add it first (POST /v1/wallets/ID/destinations)")
            : rule;
    }

    private ForwardingRule ParseSweep(string body, Wallet wallet, Asset asset) => wallet.HasForwarders
        ? Parse(body, asset, RuleKey.Sweep)
        : throw new RefusedException(
            StatusCodes.Status409Conflict, "no-forwarders",
            wallet.Chain == Asset.Bitcoin ? "a Bitcoin wallet spends the coins of all its addresses: there is nothing to sweep"
            : "the wallet has no forwarders: an address that was made from an extended key has a key of its own, which no signer has. Make a wallet with \"forwarders\": true");

    private ForwardingRule Parse(string body, Asset asset, string kind)
    {
        try
        {
            return ForwardingRule.Parse(body, asset, kind, networks);
        }
        catch (FormatException exception)
        {
            throw RefusedException.Invalid("rule", exception.Message);
        }
    }

    /// <returns>Null: the request names none.</returns>
    private static Asset? AssetOf(HttpContext context) => context.Request.Query["asset"].ToString() is not { Length: > 0 } text ? null
        : Asset.TryParse(text, out var asset) ? asset
        : throw RefusedException.Invalid("asset", "write bitcoin, ethereum, or ethereum/0x... with the address of a token");

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static Task AnswerAsync(HttpContext context, object answer) => Json.AnswerAsync(context, StatusCodes.Status200OK, answer);

    private static async Task<object> DescribeAsync(Session session, StoredForwarding stored)
    {
        var rule = stored.Rule;
        return new
        {
            stored.Wallet,
            stored.Asset,
            stored.Version,
            Destinations = rule.Destinations.Select(destination => new { destination.Address, destination.Share }).ToArray(),
            rule.Threshold,
            rule.Reserve,
            rule.IntervalSeconds,
            rule.MaxFeeShare,
            rule.MaxFee,
            rule.Smallest,
            Suspended = stored.SuspendedAt is not null,
            stored.SuspendedReason,
            stored.SuspendedBy,
            SuspendedAt = Json.Time(stored.SuspendedAt),
            stored.Waiting,
            WaitingSince = Json.Time(stored.WaitingSince),
            stored.Failures,
            stored.Round,
            RoundAt = Json.Time(stored.RoundAt),
            Transfers = (await session.RoundAsync(stored.Key, stored.Round)).Select(transfer => transfer.Id).ToArray(),
            stored.ChangedBy,
            ChangedAt = Json.Time(stored.ChangedAt),
        };
    }
}
