using HaCluster.Payments.Access;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Http;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Serving;

/// <summary>Wallets.</summary>
internal sealed class WalletRoutes(Database database, Networks networks, ForwarderSecrets secrets, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/wallets", CreateAsync).WithMetadata(new NeedsScope(Scopes.Admin));
        routes.MapGet("/v1/wallets", ListAsync).WithMetadata(new NeedsScope(Scopes.View));
        routes.MapGet("/v1/wallets/{id}", ShowAsync).WithMetadata(new NeedsScope(Scopes.View));
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
            await database.ChangeAsync(session => session.AddWalletAsync(wallet, RequestGate.PrincipalOf(context).Name, clock.GetUtcNow()), context.RequestAborted);
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

    internal static async Task<Wallet> FindAsync(Session session, HttpContext context, bool forUpdate = false)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return await session.WalletAsync(id, forUpdate) ?? throw RefusedException.NotFound("wallet", id);
    }

    internal static async Task<(Wallet Wallet, long Gap)> FindWithGapAsync(Session session, HttpContext context, bool forUpdate = false)
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
}
