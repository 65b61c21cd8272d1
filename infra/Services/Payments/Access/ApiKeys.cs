using System.Security.Cryptography;
using System.Text;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Access;

/// <summary>Who asks.</summary>
/// <param name="Name">Of the key: it is in every event that this causes.</param>
internal sealed record Principal(string Name, Scopes Scopes)
{
    /// <summary>Everybody on this computer, as long as there are no keys.</summary>
    public static Principal Local { get; } = new("local", Scopes.All);
}

/// <summary>A key without the key itself, of which the store has a hash only.</summary>
internal sealed record ApiKey
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Scopes { get; init; }

    public long? RevokedAt { get; init; }

    public long CreatedAt { get; init; }
}

/// <summary>Keys of the API in the store.</summary>
internal static class ApiKeys
{
    private const string Prefix = "hap_";
    private const string Scheme = "Bearer ";

    /// <returns>The key, which nobody can read again.</returns>
    /// <exception cref="DuplicateException">The name was taken before: those of revoked keys stay in the books.</exception>
    public static async Task<string> AddKeyAsync(this Session session, string name, Scopes scopes, DateTimeOffset now)
    {
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await session.AddKeyAsync(name, key, scopes, now);
        return key;
    }

    /// <summary>Adds a key that somebody else made: at least 256 random bits, and never shown to a person.</summary>
    /// <exception cref="DuplicateException">The name was taken before.</exception>
    public static async Task AddKeyAsync(this Session session, string name, string key, Scopes scopes, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            "insert into api_keys (id, name, hash, scopes, created_at) values (@Id, @name, @Hash, @Scopes, @Now)",
            new { Id = Ids.New("key", now), name, Hash = HashOf(key), Scopes = scopes.Names(), Now = now.ToUnixTimeMilliseconds() });
        await session.AppendEventAsync("key.created", name, new Dictionary<string, string?> { ["scopes"] = scopes.Names() }, now);
    }

    public static async Task<bool> RevokeKeyAsync(this Session session, string name, DateTimeOffset now)
    {
        if (await session.ExecuteAsync("update api_keys set revoked_at = @Now where name = @name and revoked_at is null", new { name, Now = now.ToUnixTimeMilliseconds() }) == 0)
            return false;
        await session.AppendEventAsync("key.revoked", name, new Dictionary<string, string?>(), now);
        return true;
    }

    public static Task<IReadOnlyList<ApiKey>> KeysAsync(this Session session) => session.ListAsync<ApiKey>("select id, name, scopes, revoked_at, created_at from api_keys order by id");

    /// <summary>Also a revoked key counts: the last one's end does not open the service to everybody.</summary>
    public static async Task<bool> HasKeysAsync(this Session session) => await session.GetAsync<long>("select count(*) from (select 1 from api_keys limit 1) as one_key") > 0;

    /// <param name="authorization">Header of the request; null or empty without one.</param>
    /// <returns>Null: nobody.</returns>
    public static async Task<Principal?> AuthenticateAsync(this Session session, string? authorization)
    {
        // The hash of 256 random bits: how long the look-up takes tells nothing of a key.
        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) is true && await session.FindAsync<ApiKey>(
            "select id, name, scopes, revoked_at, created_at from api_keys where hash = @Hash and revoked_at is null", new { Hash = HashOf(authorization[Scheme.Length..].Trim()) }) is { } found)
            return new Principal(found.Name, ScopeNames.Parse(found.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) ?? Scopes.None);
        return await session.HasKeysAsync() ? null : Principal.Local;
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
