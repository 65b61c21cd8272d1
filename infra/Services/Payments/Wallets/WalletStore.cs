using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Wallets;

/// <summary>Wallets and their addresses in the store.</summary>
internal static class WalletStore
{
    private const string Columns = "id, chain, name, extended_key, script, signing_key, sender, is_cold, has_forwarders, salt_secret, next_index, next_change, gap_limit, opened_block, batch_most, batch_wait, created_at";
    private const string AddressColumns = "id, wallet, branch, position, address, salt, label, metadata, expires_at, cast(expected as text) as expected, expected_asset, used_at, created_at";

    /// <exception cref="DuplicateException">The name, the sender or the key is another wallet's.</exception>
    public static async Task AddWalletAsync(this Session session, Wallet wallet, string actor, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            """
            insert into wallets (id, chain, name, extended_key, script, signing_key, sender, is_cold, has_forwarders, salt_secret, gap_limit, created_at)
            values (@Id, @Chain, @Name, @ExtendedKey, @Script, @SigningKey, @Sender, @IsCold, @HasForwarders, @SaltSecret, @GapLimit, @Now)
            """,
            new
            {
                wallet.Id,
                wallet.Chain,
                wallet.Name,
                wallet.ExtendedKey,
                wallet.Script,
                wallet.SigningKey,
                wallet.Sender,
                IsCold = wallet.IsCold ? 1L : 0L,
                HasForwarders = wallet.HasForwarders ? 1L : 0L,
                wallet.SaltSecret,
                wallet.GapLimit,
                Now = now.ToUnixTimeMilliseconds(),
            });
        await session.AppendEventAsync("wallet.created", wallet.Id, new Dictionary<string, string?> { ["name"] = wallet.Name, ["chain"] = wallet.Chain, ["actor"] = actor }, now);
    }

    /// <summary>From now on; batches that are made stay as they are.</summary>
    public static async Task SetBatchingAsync(this Session session, string wallet, BatchingRule rule, string actor, DateTimeOffset now)
    {
        var (most, wait) = (rule.Most, (long)rule.Wait.TotalSeconds);
        await session.ExecuteAsync("update wallets set batch_most = @most, batch_wait = @wait where id = @wallet", new { wallet, most, wait });
        await session.AppendEventAsync("wallet.batching-changed", wallet, new Dictionary<string, string?> { ["most"] = $"{most}", ["waitSeconds"] = $"{wait}", ["actor"] = actor }, now);
    }

    /// <summary>From the next address on; those that were given out keep their salts.</summary>
    public static async Task SetSaltSecretAsync(this Session session, Wallet wallet, string stored, string actor, DateTimeOffset now)
    {
        await session.ReplaceSaltSecretAsync(wallet.Id, stored);
        await session.AppendEventAsync("wallet.forwarder-secret-changed", wallet.Id, new Dictionary<string, string?> { ["from"] = $"{wallet.NextIndex}", ["actor"] = actor }, now);
    }

    /// <summary>The same secret, sealed with another key: nobody is told.</summary>
    public static Task ReplaceSaltSecretAsync(this Session session, string wallet, string stored) =>
        session.ExecuteAsync("update wallets set salt_secret = @stored where id = @wallet", new { wallet, stored });

    /// <summary>Wallets with a secret that does not begin so.</summary>
    public static Task<IReadOnlyList<string>> SaltSecretsSealedOtherwiseAsync(this Session session, string prefix) =>
        session.ListAsync<string>("select id from wallets where salt_secret not like @Pattern order by id", new { Pattern = $"{prefix}%" });

    public static Task<Wallet?> WalletAsync(this Session session, string id, bool forUpdate = false) =>
        session.FindAsync<Wallet>($"select {Columns} from wallets where id = @id{(forUpdate ? session.ForUpdate : "")}", new { id });

    public static Task<IReadOnlyList<Wallet>> WalletsAsync(this Session session, string? after, int limit) =>
        session.ListAsync<Wallet>($"select {Columns} from wallets where @after is null or id > @after order by id limit @limit", new { after, limit });

    /// <summary>All of a chain.</summary>
    public static Task<IReadOnlyList<Wallet>> WalletsOfAsync(this Session session, string chain) =>
        session.ListAsync<Wallet>($"select {Columns} from wallets where chain = @chain order by id", new { chain });

    /// <summary>Those of a chain from which transfers are made.</summary>
    public static Task<IReadOnlyList<Wallet>> SendersAsync(this Session session, string chain) =>
        session.ListAsync<Wallet>($"select {Columns} from wallets where chain = @chain and (signing_key is not null or is_cold = 1) order by id", new { chain });

    /// <summary>The next address of a wallet.</summary>
    /// <param name="wallet">As it is in this transaction, read for update.</param>
    /// <param name="salt">Of a forwarder of a wallet with a secret.</param>
    public static async Task<WalletAddress> AddAddressAsync(
        this Session session, Wallet wallet, Networks networks, long branch, string? label, string? metadata, DateTimeOffset? expires, string actor, DateTimeOffset now,
        (string Asset, BigInteger Amount)? expected = null, string? salt = null)
    {
        if (wallet.SaltSecret is not null && salt is null)
            throw new InvalidOperationException($"the forwarders of wallet {wallet.Id} have salts that nobody can compute: make one");
        var position = branch == WalletAddress.Receiving ? wallet.NextIndex : wallet.NextChange;
        var address = new WalletAddress
        {
            Id = Ids.New("adr", now),
            Wallet = wallet.Id,
            Branch = branch,
            Position = position,
            Address = wallet.AddressAt(networks, branch, position, salt),
            Salt = salt,
            Label = label,
            Metadata = metadata,
            ExpiresAt = expires?.ToUnixTimeMilliseconds(),
            Expected = expected?.Amount,
            ExpectedAsset = expected?.Asset,
            CreatedAt = now.ToUnixTimeMilliseconds(),
        };
        // One way to the database for all: the next transfer or address of the wallet waits until this ends.
        var told = NewEvent.Of("address.created", address.Id, new Dictionary<string, string?> { ["wallet"] = wallet.Id, ["address"] = address.Address, ["actor"] = actor }, now);
        await session.ExecuteAsync(
            $"""
            insert into addresses (id, wallet, branch, position, chain, address, salt, label, metadata, expires_at, expected, expected_asset, created_at)
            values (@Id, @Wallet, @Branch, @Position, @Chain, @Address, @Salt, @Label, @Metadata, @ExpiresAt, @Expected, @ExpectedAsset, @CreatedAt);
            update wallets set {(branch == WalletAddress.Receiving ? "next_index" : "next_change")} = @Next where id = @Wallet;
            {Events.Insert}
            """,
            new
            {
                address.Id,
                address.Wallet,
                address.Branch,
                address.Position,
                wallet.Chain,
                address.Address,
                address.Salt,
                address.Label,
                address.Metadata,
                address.ExpiresAt,
                address.Expected,
                address.ExpectedAsset,
                address.CreatedAt,
                Next = position + 1,
                EventId = told.Id,
                EventAt = told.At,
                EventType = told.Type,
                EventSubject = told.Subject,
                EventData = told.Data,
            });
        return address;
    }

    /// <summary>The address that gets the change of a transfer; null: it has none yet.</summary>
    public static Task<WalletAddress?> ChangeAddressAsync(this Session session, string wallet, string transfer) =>
        session.FindAsync<WalletAddress>($"select {AddressColumns} from addresses where wallet = @wallet and branch = 1 and label = @transfer", new { wallet, transfer });

    /// <summary>A wallet, and how many of its receiving addresses at the end never got anything.</summary>
    public static Task<(Wallet? Wallet, long Gap)> WalletWithGapAsync(this Session session, string id, bool forUpdate) => session.ReadTogetherAsync(
        $"""
        select {Columns} from wallets where id = @id{(forUpdate ? session.ForUpdate : "")};
        select coalesce(max(position) + 1, 0) from addresses where wallet = @id and branch = 0 and used_at is not null
        """,
        new { id },
        async results =>
        {
            var wallet = await results.ReadSingleOrDefaultAsync<Wallet>();
            var used = await results.ReadSingleAsync<long>();
            return (wallet, wallet is null ? 0 : wallet.NextIndex - used);
        });

    /// <param name="from">Position of the first.</param>
    public static Task<IReadOnlyList<WalletAddress>> AddressesAsync(this Session session, string wallet, long from, int limit) => session.ListAsync<WalletAddress>(
        $"select {AddressColumns} from addresses where wallet = @wallet and branch = 0 and position >= @from order by position limit @limit", new { wallet, from, limit });

    public static string AddressAt(this Wallet wallet, Networks networks, long branch, long position, string? salt = null)
    {
        if (wallet.HasForwarders)
            return ForwarderContract.AddressOf(wallet.Sender!, salt ?? ForwarderSalt.At(position));
        var key = ExtendedKey.Of(wallet, networks);
        return wallet.Chain == Asset.Ethereum
            ? key.EthereumAddress((uint)position)
            : key.BitcoinAddress(ScriptKind.Find(wallet.Script)!.Value, (uint)branch, (uint)position, networks.Bitcoin);
    }
}
