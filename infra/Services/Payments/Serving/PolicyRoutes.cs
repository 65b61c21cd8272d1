using System.Globalization;
using System.Text.Json;
using HaCluster.Payments.Access;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Http;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Serving;

/// <summary>What a wallet may pay, and whom: policies and destinations.</summary>
internal sealed class PolicyRoutes(Database database, Networks networks, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/wallets/{id}/policy", SetPolicyAsync).WithMetadata(new NeedsScope(Scopes.Admin));
        routes.MapGet("/v1/wallets/{id}/policy", PoliciesAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapDelete("/v1/wallets/{id}/policy/{version}", WithdrawPolicyAsync).WithMetadata(new NeedsScope(Scopes.Admin));
        routes.MapPost("/v1/wallets/{id}/destinations", AddDestinationAsync).WithMetadata(new NeedsScope(Scopes.Admin));
        routes.MapGet("/v1/wallets/{id}/destinations", DestinationsAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapDelete("/v1/wallets/{id}/destinations/{address}", RemoveDestinationAsync).WithMetadata(new NeedsScope(Scopes.Admin));
    }

    private async Task SetPolicyAsync(HttpContext context)
    {
        using var document = await Json.ReadAsync<JsonDocument>(context);
        PolicyDocument policy;
        try
        {
            policy = PolicyDocument.Parse(document.RootElement.GetRawText());
        }
        catch (FormatException exception)
        {
            throw RefusedException.Invalid("policy", exception.Message);
        }

        var stored = await database.ChangeAsync(
            async session =>
            {
                var wallet = await WalletRoutes.FindAsync(session, context, forUpdate: true);
                // A limit that no transfer asks is a mistake, and correcting it would take the delay of this policy.
                if (policy.Assets.Keys.FirstOrDefault(name => !Asset.TryParse(name, out var asset) || asset.Chain != wallet.Chain) is { } other)
                    throw RefusedException.Invalid("policy", $"assets.{other}: the wallet is on {wallet.Chain}");
                return await session.SetPolicyAsync(wallet.Id, policy, RequestGate.PrincipalOf(context).Name, clock.GetUtcNow());
            },
            context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status200OK, Describe(stored));
    }

    private async Task PoliciesAsync(HttpContext context)
    {
        var policies = await database.ReadAsync(async session => await session.PoliciesAsync((await WalletRoutes.FindAsync(session, context)).Id, 100), context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status200OK, new { Policies = policies.Select(Describe).ToArray() });
    }

    private async Task WithdrawPolicyAsync(HttpContext context)
    {
        var text = (string)context.Request.RouteValues["version"]!;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw RefusedException.NotFound("policy", text);
        await database.ChangeAsync(
            async session =>
            {
                var wallet = await WalletRoutes.FindAsync(session, context, forUpdate: true);
                var isWithdrawn = await session.WithdrawPolicyAsync(wallet.Id, version, RequestGate.PrincipalOf(context).Name, clock.GetUtcNow())
                    ?? throw RefusedException.NotFound("policy", text);
                return isWithdrawn ? true
                    : throw new RefusedException(StatusCodes.Status409Conflict, "policy-holds", $"policy {version} is or was in force: write another one, which replaces it after the delay. The kill switch stops everything at once");
            },
            context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task AddDestinationAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<DestinationRequest>(context);
        Labels.Check("label", request.Label);
        var destination = await database.ChangeAsync(
            async session =>
            {
                var wallet = await WalletRoutes.FindAsync(session, context, forUpdate: true);
                var address = networks.TryParseAddress(wallet.Chain, request.Address, out var parsed, out var problem) ? parsed : throw RefusedException.Invalid("address", problem);
                return await session.AddDestinationAsync(wallet.Id, address, request.Label, RequestGate.PrincipalOf(context).Name, clock.GetUtcNow());
            },
            context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status201Created, Describe(destination));
    }

    private async Task DestinationsAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var destinations = await database.ReadAsync(
            async session => await session.DestinationsAsync((await WalletRoutes.FindAsync(session, context)).Id, page.Cursor, page.Limit), context.RequestAborted);
        await page.AnswerAsync(context, "destinations", destinations, destination => destination.Address, Describe);
    }

    private async Task RemoveDestinationAsync(HttpContext context)
    {
        var address = (string)context.Request.RouteValues["address"]!;
        var (actor, now) = (RequestGate.PrincipalOf(context).Name, clock.GetUtcNow());
        var wallet = await database.ChangeAsync(
            async session =>
            {
                // Nobody asks for a transfer in between.
                var found = await WalletRoutes.FindAsync(session, context, forUpdate: true);
                return await session.RemoveDestinationAsync(found.Id, address, actor, now) ? found.Id : throw RefusedException.NotFound("destination", address);
            },
            context.RequestAborted);
        // Nothing to it is signed or sent any more. However many transfers there are, and also if who asked does not wait for it, they are called off.
        for (var last = ""; last is not null;)
        {
            var after = last;
            last = await database.ChangeAsync(
                async session =>
                {
                    await session.WalletAsync(wallet, forUpdate: true);
                    return await session.CallOffAllAsync(wallet, address, after, actor, now);
                },
                CancellationToken.None);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static object Describe(StoredPolicy policy) => new
    {
        policy.Version,
        Policy = JsonSerializer.Deserialize<JsonElement>(policy.Document),
        ActiveAt = Json.Time(policy.ActiveAt),
        policy.CreatedBy,
        CreatedAt = Json.Time(policy.CreatedAt),
        policy.WithdrawnBy,
        WithdrawnAt = Json.Time(policy.WithdrawnAt),
    };

    private static object Describe(Destination destination) => new
    {
        destination.Address,
        destination.Label,
        ActiveAt = Json.Time(destination.ActiveAt),
        destination.CreatedBy,
        CreatedAt = Json.Time(destination.CreatedAt),
    };
}
