using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Policies;

/// <summary>An entry of the list of allowed destinations.</summary>
internal sealed record Destination
{
    public required string Wallet { get; init; }

    public required string Address { get; init; }

    public string? Label { get; init; }

    /// <summary>From when on it may be paid.</summary>
    public long ActiveAt { get; init; }

    public required string CreatedBy { get; init; }

    public long CreatedAt { get; init; }
}

/// <summary>A policy and from when on it holds.</summary>
internal sealed record StoredPolicy
{
    public long Version { get; init; }

    public required string Document { get; init; }

    public long ActiveAt { get; init; }

    public required string CreatedBy { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>Null: it was not.</summary>
    public string? WithdrawnBy { get; init; }

    public long? WithdrawnAt { get; init; }
}

/// <summary>A switch and who set it.</summary>
internal sealed record Switch
{
    public const string Kill = "kill";

    public long IsOn { get; init; }

    public string? Reason { get; init; }

    public required string ChangedBy { get; init; }

    public long ChangedAt { get; init; }
}

/// <summary>Policies, destinations and the kill switch in the store.</summary>
internal static class PolicyStore
{
    private const string PolicyColumns = "version, document, active_at, created_by, created_at, withdrawn_by, withdrawn_at";
    private const string DocumentNow = "select document from policies where wallet = @wallet and active_at <= @Now and withdrawn_at is null order by version desc limit 1";
    private const string IsListedNow = "select count(*) from destinations where wallet = @wallet and address = @address and active_at <= @Now";
    private const string KillSwitch = "select is_on, reason, changed_by, changed_at from switches where name = @Kill";

    /// <summary>The one that holds now; null: none does.</summary>
    public static async Task<PolicyDocument?> PolicyAsync(this Session session, string wallet, DateTimeOffset now) =>
        Parse(await session.FindAsync<string>(DocumentNow, new { wallet, Now = now.ToUnixTimeMilliseconds() }));

    /// <summary>All that holds now of a wallet and an address: the policy (null: none does), whether it may be paid, and whether the kill switch is on.</summary>
    public static Task<(PolicyDocument? Policy, bool IsListed, bool IsStopped)> RulesAsync(this Session session, string wallet, string address, DateTimeOffset now) => session.ReadTogetherAsync(
        $"{DocumentNow};\n{IsListedNow};\n{KillSwitch}",
        new { wallet, address, Now = now.ToUnixTimeMilliseconds(), Switch.Kill },
        async results => (
            Parse(await results.ReadSingleOrDefaultAsync<string>()), await results.ReadSingleAsync<long>() > 0, await results.ReadSingleOrDefaultAsync<Switch>() is { IsOn: 1 }));

    /// <summary>All of them, the newest first.</summary>
    public static Task<IReadOnlyList<StoredPolicy>> PoliciesAsync(this Session session, string wallet, int limit) =>
        session.ListAsync<StoredPolicy>($"select {PolicyColumns} from policies where wallet = @wallet order by version desc limit @limit", new { wallet, limit });

    /// <summary>Stores a policy. The first holds at once; each later one after the delay of the one that it replaces, so that whoever steals a key cannot take the delay away first.</summary>
    /// <exception cref="DuplicateException">Another one was stored at the same time.</exception>
    public static async Task<StoredPolicy> SetPolicyAsync(this Session session, string wallet, PolicyDocument policy, string actor, DateTimeOffset now)
    {
        var newest = await session.PoliciesAsync(wallet, 1) is [var first, ..] ? first : null;
        var stored = new StoredPolicy
        {
            Version = (newest?.Version ?? 0) + 1,
            Document = policy.ToJson(),
            ActiveAt = await ActiveAtAsync(session, wallet, now),
            CreatedBy = actor,
            CreatedAt = now.ToUnixTimeMilliseconds(),
        };
        await session.ExecuteAsync(
            "insert into policies (wallet, version, document, active_at, created_by, created_at) values (@wallet, @Version, @Document, @ActiveAt, @CreatedBy, @CreatedAt)",
            new { wallet, stored.Version, stored.Document, stored.ActiveAt, stored.CreatedBy, stored.CreatedAt });
        await session.AppendEventAsync("policy.changed", wallet, new Dictionary<string, string?> { ["version"] = $"{stored.Version}", ["activeAt"] = $"{stored.ActiveAt}", ["actor"] = actor }, now);
        return stored;
    }

    /// <summary>Takes back a policy that does not hold yet, at once: it may be of a stolen key, and one that is written after it would come too late.</summary>
    /// <returns>False: it holds, or did. Null: there is none of this version that was not withdrawn.</returns>
    public static async Task<bool?> WithdrawPolicyAsync(this Session session, string wallet, long version, string actor, DateTimeOffset now)
    {
        var found = await session.FindAsync<StoredPolicy>($"select {PolicyColumns} from policies where wallet = @wallet and version = @version and withdrawn_at is null", new { wallet, version });
        if (found is null || found.ActiveAt <= now.ToUnixTimeMilliseconds())
            return found is null ? null : false;
        await session.ExecuteAsync(
            "update policies set withdrawn_by = @actor, withdrawn_at = @Now where wallet = @wallet and version = @version", new { wallet, version, actor, Now = now.ToUnixTimeMilliseconds() });
        await session.AppendEventAsync("policy.withdrawn", wallet, new Dictionary<string, string?> { ["version"] = $"{version}", ["actor"] = actor }, now);
        return true;
    }

    public static async Task<bool> IsListedAsync(this Session session, string wallet, string address, DateTimeOffset now) => await session.GetAsync<long>(
        IsListedNow, new { wallet, address, Now = now.ToUnixTimeMilliseconds() }) > 0;

    public static Task<IReadOnlyList<Destination>> DestinationsAsync(this Session session, string wallet, string? after, int limit) => session.ListAsync<Destination>(
        "select wallet, address, label, active_at, created_by, created_at from destinations where wallet = @wallet and (@after is null or address > @after) order by address limit @limit",
        new { wallet, after, limit });

    /// <summary>Allows a destination after the delay of the policy. One that is there stays as it is.</summary>
    public static async Task<Destination> AddDestinationAsync(this Session session, string wallet, string address, string? label, string actor, DateTimeOffset now)
    {
        var added = await session.ExecuteAsync(
            """
            insert into destinations (wallet, address, label, active_at, created_by, created_at) values (@wallet, @address, @label, @ActiveAt, @actor, @Now)
            on conflict (wallet, address) do nothing
            """,
            new { wallet, address, label, ActiveAt = await ActiveAtAsync(session, wallet, now), actor, Now = now.ToUnixTimeMilliseconds() });
        var stored = await session.GetAsync<Destination>(
            "select wallet, address, label, active_at, created_by, created_at from destinations where wallet = @wallet and address = @address", new { wallet, address });
        if (added == 1)
            await session.AppendEventAsync("destination.added", wallet, new Dictionary<string, string?> { ["address"] = address, ["activeAt"] = $"{stored.ActiveAt}", ["actor"] = actor }, now);
        return stored;
    }

    /// <summary>At once: forbidding needs no delay.</summary>
    public static async Task<bool> RemoveDestinationAsync(this Session session, string wallet, string address, string actor, DateTimeOffset now)
    {
        if (await session.ExecuteAsync("delete from destinations where wallet = @wallet and address = @address", new { wallet, address }) == 0)
            return false;
        await session.AppendEventAsync("destination.removed", wallet, new Dictionary<string, string?> { ["address"] = address, ["actor"] = actor }, now);
        return true;
    }

    public static async Task<bool> IsStoppedAsync(this Session session) => await session.KillSwitchAsync() is { IsOn: 1 };

    public static Task<Switch?> KillSwitchAsync(this Session session) =>
        session.FindAsync<Switch>(KillSwitch, new { Switch.Kill });

    public static async Task SetKillSwitchAsync(this Session session, bool isOn, string? reason, string actor, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            """
            insert into switches (name, is_on, reason, changed_by, changed_at) values (@Kill, @IsOn, @reason, @actor, @Now)
            on conflict (name) do update set is_on = excluded.is_on, reason = excluded.reason, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """,
            new { Switch.Kill, IsOn = isOn ? 1L : 0L, reason, actor, Now = now.ToUnixTimeMilliseconds() });
        await session.AppendEventAsync(isOn ? "kill-switch.on" : "kill-switch.off", Switch.Kill, new Dictionary<string, string?> { ["reason"] = reason, ["actor"] = actor }, now);
    }

    private static async Task<long> ActiveAtAsync(Session session, string wallet, DateTimeOffset now)
    {
        // Without a policy nothing leaves: the first policy, and destinations before it, hold at once.
        var delay = (await session.PolicyAsync(wallet, now))?.DelaySeconds ?? 0;
        return now.AddSeconds(delay).ToUnixTimeMilliseconds();
    }

    private static PolicyDocument? Parse(string? document) => document is null ? null : PolicyDocument.Parse(document);
}
