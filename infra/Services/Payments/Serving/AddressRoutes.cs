using System.Numerics;
using System.Text.Json;
using HaCluster.Payments.Access;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Http;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Serving;

/// <summary>Receiving addresses of wallets.</summary>
internal sealed class AddressRoutes(Database database, Networks networks, ForwarderSecrets secrets, TimeProvider clock)
{
    private const int MostMetadata = 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/wallets/{id}/addresses", AddAddressAsync).WithMetadata(new NeedsScope(Scopes.Address));
        routes.MapGet("/v1/wallets/{id}/addresses", AddressesAsync).WithMetadata(new NeedsScope(Scopes.View));
    }

    private async Task AddAddressAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<AddressRequest>(context);
        var now = clock.GetUtcNow();
        Labels.Check("label", request.Label);
        if (request.ExpiresAt is { } expires && expires <= now)
            throw RefusedException.Invalid("expiresAt", "it is in the past");
        if (request.Metadata is { Count: > MostMetadata } || request.Metadata?.Any(pair => pair.Key.Length > Labels.Longest || pair.Value is null || pair.Value.Length > Labels.Longest) is true)
            throw RefusedException.Invalid("metadata", $"write at most {MostMetadata} strings of at most {Labels.Longest} characters");
        if (request is { Expected: null, ExpectedAsset: not null })
            throw RefusedException.Invalid("expected", "write the amount that is expected");
        var expected = request.Expected is null ? default
            : Amount.TryParse(request.Expected, out var amount) ? amount : throw RefusedException.Invalid("expected", $"write {Amount.Rule}");
        var metadata = request.Metadata is null ? null : JsonSerializer.Serialize(request.Metadata);
        var address = await database.ChangeAsync(
            async session =>
            {
                var (wallet, unused) = await WalletRoutes.FindWithGapAsync(session, context, forUpdate: true);
                if (wallet is { ExtendedKey: null, HasForwarders: false })
                    throw new RefusedException(StatusCodes.Status409Conflict, "no-extended-key", "the wallet has no extended public key to make addresses from, and no forwarders");
                // Forwarders are found again from the sender, the secret and their positions: no gap hides them.
                if (!wallet.HasForwarders && !request.BeyondGapLimit && unused >= wallet.GapLimit)
                {
                    throw new RefusedException(
                        StatusCodes.Status409Conflict, "gap-limit",
                        $"the last {wallet.GapLimit} addresses are unused: a wallet that is restored from its key may not look further. Use one of them again, or ask with \"beyondGapLimit\": true and remember how far to look");
                }

                return await session.AddAddressAsync(wallet, networks, WalletAddress.Receiving, request.Label, metadata, request.ExpiresAt, RequestGate.PrincipalOf(context).Name, now, request.Expected is null ? null : (AssetOf(request, wallet), expected), ForwarderRoutes.NextSalt(secrets, wallet));
            },
            context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status201Created, Describe(address, []));
    }

    private async Task AddressesAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var (addresses, received) = await database.ReadAsync(
            async session =>
            {
                var wallet = await WalletRoutes.FindAsync(session, context);
                var found = await session.AddressesAsync(wallet.Id, page.Number, page.Limit);
                var used = found.Where(address => address.UsedAt is not null).Select(address => address.Address).ToArray();
                return (found, (await session.ReceivedAsync(wallet.Id, used)).ToLookup(deposit => deposit.Address, StringComparer.Ordinal));
            },
            context.RequestAborted);
        await page.AnswerAsync(context, "addresses", addresses, address => $"{address.Position + 1}", address => Describe(address, received[address.Address]));
    }

    private static string AssetOf(AddressRequest request, Wallet wallet)
    {
        var asset = request.ExpectedAsset is null ? new Asset(wallet.Chain)
            : Asset.TryParse(request.ExpectedAsset, out var parsed) && parsed.Chain == wallet.Chain ? parsed
            : throw RefusedException.Invalid("expectedAsset", $"write {wallet.Chain}{(wallet.Chain == Asset.Ethereum ? ", or ethereum/ADDRESS of a token" : "")}");
        return asset.ToString();
    }

    /// <param name="received">Deposits to it that are in blocks.</param>
    private static object Describe(WalletAddress address, IEnumerable<Deposit> received) => Describe(
        address, received.GroupBy(deposit => deposit.Asset).ToDictionary(asset => asset.Key, asset => asset.Aggregate(BigInteger.Zero, (sum, deposit) => sum + deposit.Amount)));

    private static object Describe(WalletAddress address, IReadOnlyDictionary<string, BigInteger> received) => new
    {
        address.Id,
        address.Wallet,
        address.Address,
        Index = address.Position,
        address.Label,
        Metadata = address.Metadata is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(address.Metadata),
        ExpiresAt = Json.Time(address.ExpiresAt),
        address.Expected,
        address.ExpectedAsset,
        Received = received,
        Payment = address.Expected is { } expected ? PaymentOf(expected, received.GetValueOrDefault(address.ExpectedAsset!)) : null,
        UsedAt = Json.Time(address.UsedAt),
        CreatedAt = Json.Time(address.CreatedAt),
    };

    private static string PaymentOf(BigInteger expected, BigInteger received) => received.IsZero ? "none" : received < expected ? "partial" : received == expected ? "full" : "over";
}
