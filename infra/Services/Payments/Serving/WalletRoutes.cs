using System.Numerics;
using System.Text.Json;
using HaCluster.Payments.Access;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Serving;

/// <summary>Wallets, their addresses, policies and destinations.</summary>
internal sealed class WalletRoutes(Database database, Networks networks, ForwarderSecrets secrets, TimeProvider clock)
{
    private const int LongestText = 200;
    private const int MostMetadata = 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/wallets", CreateAsync).WithMetadata(new NeedsScope(Scopes.Admin));
        routes.MapGet("/v1/wallets", ListAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapGet("/v1/wallets/{id}", ShowAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapPost("/v1/wallets/{id}/addresses", AddAddressAsync).WithMetadata(new NeedsScope(Scopes.Address));
        routes.MapGet("/v1/wallets/{id}/addresses", AddressesAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapPut("/v1/wallets/{id}/policy", SetPolicyAsync).WithMetadata(new NeedsScope(Scopes.Admin));
        routes.MapGet("/v1/wallets/{id}/policy", PoliciesAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapPost("/v1/wallets/{id}/destinations", AddDestinationAsync).WithMetadata(new NeedsScope(Scopes.Admin));
        routes.MapGet("/v1/wallets/{id}/destinations", DestinationsAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapDelete("/v1/wallets/{id}/destinations/{address}", RemoveDestinationAsync).WithMetadata(new NeedsScope(Scopes.Admin));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<WalletRequest>(context);
        var wallet = Check(request);
        if (request.PredictableForwarders && (!request.Forwarders || request.ForwarderSecret is not null))
            throw RefusedException.Invalid("predictableForwarders", "it is of a wallet with \"forwarders\": true and without a secret");
        var secret = request.PredictableForwarders ? null
            : request.Forwarders ? ForwarderRoutes.Read(request.ForwarderSecret)
            : request.ForwarderSecret is null ? null : throw RefusedException.Invalid("forwarderSecret", "it is of a wallet with \"forwarders\": true");
        if (secret is not null)
            wallet = wallet with { SaltSecret = ForwarderRoutes.Seal(secrets, wallet.Id, secret) };
        try
        {
            await database.ChangeAsync(session => session.AddWalletAsync(wallet, Gate.PrincipalOf(context).Name, clock.GetUtcNow()), context.RequestAborted);
        }
        catch (DuplicateException)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "wallet-exists", "there is a wallet of this name, sender or extended key: two over one account would count the same coins twice");
        }

        await Json.AnswerAsync(context, StatusCodes.Status201Created, Describe(wallet, secret));
    }

    private async Task ListAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var wallets = await database.ReadAsync(session => session.WalletsAsync(page.Cursor, page.Limit), context.RequestAborted);
        await page.AnswerAsync(context, "wallets", wallets, wallet => wallet.Id, wallet => Describe(wallet));
    }

    private async Task ShowAsync(HttpContext context)
    {
        var (wallet, balances, gap) = await database.ReadAsync(
            async session =>
            {
                var (found, unused) = await FindWithGapAsync(session, context);
                return (found, await session.BalancesAsync(found.Id), unused);
            },
            context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status200OK, new
        {
            wallet.Id,
            wallet.Name,
            wallet.Chain,
            wallet.Script,
            wallet.SigningKey,
            wallet.Sender,
            Cold = wallet.IsCold,
            Forwarders = wallet.HasForwarders,
            PredictableForwarders = IsPredictable(wallet),
            wallet.GapLimit,
            UnusedAddresses = gap,
            Batching = BatchingRoutes.Describe(wallet),
            Balances = balances.GroupBy(balance => balance.Asset).ToDictionary(
                asset => asset.Key, asset => asset.ToDictionary(balance => balance.Account[..balance.Account.IndexOf('/', StringComparison.Ordinal)], balance => balance.Amount)),
            CreatedAt = Json.Time(wallet.CreatedAt),
        });
    }

    private async Task AddAddressAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<AddressRequest>(context);
        var now = clock.GetUtcNow();
        CheckText("label", request.Label);
        if (request.ExpiresAt is { } expires && expires <= now)
            throw RefusedException.Invalid("expiresAt", "it is past");
        if (request.Metadata is { Count: > MostMetadata } || request.Metadata?.Any(pair => pair.Key.Length > LongestText || pair.Value is null || pair.Value.Length > LongestText) is true)
            throw RefusedException.Invalid("metadata", $"write at most {MostMetadata} strings of at most {LongestText} characters");
        if (request is { Expected: null, ExpectedAsset: not null })
            throw RefusedException.Invalid("expected", "write how much of it is to come");
        var expected = request.Expected is null ? default
            : Amount.TryParse(request.Expected, out var amount) ? amount : throw RefusedException.Invalid("expected", $"write {Amount.Rule}");
        var metadata = request.Metadata is null ? null : JsonSerializer.Serialize(request.Metadata);
        var address = await database.ChangeAsync(
            async session =>
            {
                var (wallet, unused) = await FindWithGapAsync(session, context, forUpdate: true);
                if (wallet is { ExtendedKey: null, HasForwarders: false })
                    throw new RefusedException(StatusCodes.Status409Conflict, "no-extended-key", "the wallet has no extended public key to make addresses from, and no forwarders");
                // Forwarders are found again from the sender, the secret and their positions: no gap hides them.
                if (!wallet.HasForwarders && !request.BeyondGapLimit && unused >= wallet.GapLimit)
                {
                    throw new RefusedException(
                        StatusCodes.Status409Conflict, "gap-limit",
                        $"the last {wallet.GapLimit} addresses are unused: a wallet that is restored from its key may not look further. Use one of them again, or ask with \"beyondGapLimit\": true and remember how far to look");
                }

                return await session.AddAddressAsync(wallet, networks, WalletAddress.Receiving, request.Label, metadata, request.ExpiresAt, Gate.PrincipalOf(context).Name, now, request.Expected is null ? null : (AssetOf(request, wallet), expected), ForwarderRoutes.NextSalt(secrets, wallet));
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
                var wallet = await FindAsync(session, context);
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
                var wallet = await FindAsync(session, context, forUpdate: true);
                // A limit that no transfer asks is a mistake, and correcting it would take the delay of this policy.
                if (policy.Assets.Keys.FirstOrDefault(name => !Asset.TryParse(name, out var asset) || asset.Chain != wallet.Chain) is { } other)
                    throw RefusedException.Invalid("policy", $"assets.{other}: the wallet is on {wallet.Chain}");
                return await session.SetPolicyAsync(wallet.Id, policy, Gate.PrincipalOf(context).Name, clock.GetUtcNow());
            },
            context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status200OK, Describe(stored));
    }

    private async Task PoliciesAsync(HttpContext context)
    {
        var policies = await database.ReadAsync(async session => await session.PoliciesAsync((await FindAsync(session, context)).Id, 100), context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status200OK, new { Policies = policies.Select(Describe).ToArray() });
    }

    private async Task AddDestinationAsync(HttpContext context)
    {
        var request = await Json.ReadAsync<DestinationRequest>(context);
        CheckText("label", request.Label);
        var destination = await database.ChangeAsync(
            async session =>
            {
                var wallet = await FindAsync(session, context, forUpdate: true);
                var address = networks.TryParseAddress(wallet.Chain, request.Address, out var parsed, out var problem) ? parsed : throw RefusedException.Invalid("address", problem);
                return await session.AddDestinationAsync(wallet.Id, address, request.Label, Gate.PrincipalOf(context).Name, clock.GetUtcNow());
            },
            context.RequestAborted);
        await Json.AnswerAsync(context, StatusCodes.Status201Created, Describe(destination));
    }

    private async Task DestinationsAsync(HttpContext context)
    {
        var page = Page.Of(context);
        var destinations = await database.ReadAsync(
            async session => await session.DestinationsAsync((await FindAsync(session, context)).Id, page.Cursor, page.Limit), context.RequestAborted);
        await page.AnswerAsync(context, "destinations", destinations, destination => destination.Address, Describe);
    }

    private async Task RemoveDestinationAsync(HttpContext context)
    {
        var address = (string)context.Request.RouteValues["address"]!;
        var isRemoved = await database.ChangeAsync(
            async session => await session.RemoveDestinationAsync((await FindAsync(session, context)).Id, address, Gate.PrincipalOf(context).Name, clock.GetUtcNow()), context.RequestAborted);
        if (!isRemoved)
            throw RefusedException.NotFound("destination", address);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Wallet Check(WalletRequest request)
    {
        if (request.Name is not { Length: > 0 and <= 63 } name || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
            throw RefusedException.Invalid("name", "write 1 to 63 of a-z, 0-9 and -");
        if (request.Chain is not (Asset.Bitcoin or Asset.Ethereum))
            throw RefusedException.Invalid("chain", "choose bitcoin or ethereum");
        if (request.GapLimit is < 1 or > 10_000)
            throw RefusedException.Invalid("gapLimit", "write 1 to 10000 (20 is what wallets look for)");
        if (request is { Cold: true, SigningKey: not null })
            throw RefusedException.Invalid("cold", "a key that the signer has is not cold: leave signingKey out");
        if (request.Forwarders && (request.Chain == Asset.Bitcoin || request.ExtendedPublicKey is not null || request is { SigningKey: null, Cold: false }))
            throw RefusedException.Invalid("forwarders", "they are Ethereum contracts that pay the sender: write signingKey and sender, or cold and sender, and leave extendedPublicKey out");
        if (request is { ExtendedPublicKey: null, SigningKey: null } && !(request.Cold && request.Sender is not null))
            throw RefusedException.Invalid("extendedPublicKey", "write an extended public key to receive, the name of a signing key and its sender to send, or both");
        var isEthereum = request.Chain == Asset.Ethereum;
        var (key, script) = ReadKey(request, isEthereum);
        return new Wallet
        {
            Id = Ids.New("wal", clock.GetUtcNow()),
            Chain = request.Chain,
            Name = name,
            ExtendedKey = key,
            Script = script,
            SigningKey = request.SigningKey,
            Sender = ReadSender(request, isEthereum, key),
            IsCold = request.Cold,
            HasForwarders = request.Forwarders,
            GapLimit = request.GapLimit ?? 20,
            CreatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        };
    }

    private (string? Key, string Script) ReadKey(WalletRequest request, bool isEthereum)
    {
        if (isEthereum && request.Script is not null)
            throw RefusedException.Invalid("script", "Ethereum addresses have none");
        if (request.ExtendedPublicKey is not { } text)
            return (null, ScriptKind.None);
        try
        {
            var key = ExtendedKey.Parse(text, networks.IsMain);
            if (isEthereum)
            {
                key.RequireEthereumAccount();
                return (key.ToText(networks.Bitcoin), ScriptKind.None);
            }

            key.RequireBitcoinAccount();
            var script = request.Script ?? key.Script;
            if (key.Script is { } said && said != script)
                throw RefusedException.Invalid("script", $"the prefix of the key says {said}");
            if (ScriptKind.Find(script) is null)
                throw RefusedException.Invalid("script", $"xpub and tpub do not say which addresses to make: choose {ScriptKind.Rule}");
            return (key.ToText(networks.Bitcoin), script!);
        }
        catch (FormatException exception)
        {
            throw RefusedException.Invalid("extendedPublicKey", exception.Message);
        }
    }

    private string? ReadSender(WalletRequest request, bool isEthereum, string? key)
    {
        if (request.SigningKey is { } signing && (signing.Length is 0 or > 63 || !signing.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')))
            throw RefusedException.Invalid("signingKey", "write the signer's name for a key: 1 to 63 letters, digits, -, _ and .");
        if (!isEthereum)
        {
            if (request.Sender is not null)
                throw RefusedException.Invalid("sender", "a Bitcoin wallet spends coins of its addresses: leave it out");
            return request.SigningKey is null || key is not null ? null : throw RefusedException.Invalid("extendedPublicKey", "a Bitcoin wallet needs that of its signing key, to find its coins");
        }

        if (request is { SigningKey: null, Cold: false })
            return request.Sender is null ? null : throw RefusedException.Invalid("signingKey", "name the key of the sender");
        return networks.TryParseAddress(Asset.Ethereum, request.Sender, out var sender, out var problem) ? sender : throw RefusedException.Invalid("sender", problem);
    }

    private static void CheckText(string field, string? text)
    {
        if (text is { Length: > LongestText } || text?.Any(char.IsControl) is true)
            throw RefusedException.Invalid(field, $"write at most {LongestText} characters, without control characters");
    }

    internal static async Task<Wallet> FindAsync(Session session, HttpContext context, bool forUpdate = false)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return await session.WalletAsync(id, forUpdate) ?? throw RefusedException.NotFound("wallet", id);
    }

    private static async Task<(Wallet Wallet, long Gap)> FindWithGapAsync(Session session, HttpContext context, bool forUpdate = false)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return await session.WalletWithGapAsync(id, forUpdate) is ({ } wallet, var gap) ? (wallet, gap) : throw RefusedException.NotFound("wallet", id);
    }

    private static bool? IsPredictable(Wallet wallet) => wallet.HasForwarders ? wallet.SaltSecret is null : null;

    /// <param name="secret">Given only to who has just made it.</param>
    internal static object Describe(Wallet wallet, string? secret = null) => new
    {
        wallet.Id,
        wallet.Name,
        wallet.Chain,
        wallet.Script,
        wallet.SigningKey,
        wallet.Sender,
        Cold = wallet.IsCold,
        Forwarders = wallet.HasForwarders,
        ForwarderSecret = secret,
        ForwarderSecretFrom = secret is null ? null : (long?)wallet.NextIndex,
        PredictableForwarders = IsPredictable(wallet),
        wallet.GapLimit,
        Batching = BatchingRoutes.Describe(wallet),
        CreatedAt = Json.Time(wallet.CreatedAt),
    };

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

    private static object Describe(StoredPolicy policy) => new
    {
        policy.Version,
        Policy = JsonSerializer.Deserialize<JsonElement>(policy.Document),
        ActiveAt = Json.Time(policy.ActiveAt),
        policy.CreatedBy,
        CreatedAt = Json.Time(policy.CreatedAt),
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
