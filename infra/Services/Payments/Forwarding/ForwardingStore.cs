using System.Globalization;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Forwarding;

/// <summary>A rule, and how far it has come.</summary>
internal sealed record StoredForwarding
{
    public required string Wallet { get; init; }

    public required string Asset { get; init; }

    public required string Kind { get; init; }

    public RuleKey Key => new(Wallet, Asset, Kind);

    public long Version { get; init; }

    public required string Document { get; init; }

    /// <summary>Of the last round that was begun; 0: none was.</summary>
    public long Round { get; init; }

    /// <summary>When it was begun.</summary>
    public long? RoundAt { get; init; }

    /// <summary>1: transfers of that round have not ended.</summary>
    public long IsOpen { get; init; }

    /// <summary>Rounds in a row that did not pay all.</summary>
    public long Failures { get; init; }

    /// <summary>Why no round begins although there is enough; null: nothing is in the way.</summary>
    public string? Waiting { get; init; }

    /// <summary>Since when there was always something.</summary>
    public long? WaitingSince { get; init; }

    /// <summary>Null: it is not.</summary>
    public long? SuspendedAt { get; init; }

    public string? SuspendedBy { get; init; }

    public string? SuspendedReason { get; init; }

    public required string ChangedBy { get; init; }

    public long ChangedAt { get; init; }

    public Asset ReadAsset() => Amounts.Asset.TryParse(Asset, out var asset) ? asset : throw new InvalidOperationException($"a rule of wallet {Wallet} has the asset {Asset}");

    public ForwardingRule Rule => ForwardingRule.Read(Document);

    /// <summary>When the next round may begin.</summary>
    public DateTimeOffset DueAt => DateTimeOffset.FromUnixTimeMilliseconds(RoundAt ?? 0).AddSeconds(RoundAt is null ? 0 : Rule.IntervalSeconds);
}

/// <summary>Automatic forwarding in the store.</summary>
internal static class ForwardingStore
{
    private const string Columns = "wallet, asset, kind, version, document, round, round_at, is_open, failures, waiting, waiting_since, suspended_at, suspended_by, suspended_reason, changed_by, changed_at";

    /// <returns>Null: the wallet has no rule.</returns>
    public static Task<StoredForwarding?> ForwardingAsync(this Session session, RuleKey key, bool forUpdate = false) =>
        session.FindAsync<StoredForwarding>($"select {Columns} from forwarding_rules where wallet = @Wallet and asset = @Asset and kind = @Kind{(forUpdate ? session.ForUpdate : "")}", key);

    /// <param name="wallet">Null: those of all wallets.</param>
    public static Task<IReadOnlyList<StoredForwarding>> ForwardingsAsync(this Session session, string? wallet = null) =>
        session.ListAsync<StoredForwarding>($"select {Columns} from forwarding_rules where @wallet is null or wallet = @wallet order by wallet, kind, asset", new { wallet });

    /// <summary>Writes a rule, or another in its place. One that is suspended stays so.</summary>
    public static async Task SetForwardingAsync(this Session session, RuleKey key, ForwardingRule rule, string actor, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            """
            insert into forwarding_rules (wallet, asset, kind, version, document, changed_by, changed_at) values (@Wallet, @Asset, @Kind, 1, @Document, @actor, @Now)
            on conflict (wallet, asset, kind) do update set version = forwarding_rules.version + 1, document = excluded.document, waiting = null, waiting_since = null, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """,
            new { key.Wallet, key.Asset, key.Kind, Document = rule.ToJson(), actor, Now = now.ToUnixTimeMilliseconds() });
        await AppendEventAsync(session, "changed", key, now, ("destinations", string.Join(' ', rule.Destinations.Select(destination => $"{destination.Address} {destination.Share}"))), ("actor", actor));
    }

    /// <summary>Begins no round until a person resumes it. Transfers that are made already go on.</summary>
    /// <returns>False: there is no rule, or it is suspended already, and keeps the reason that it has.</returns>
    public static async Task<bool> SuspendAsync(this Session session, RuleKey key, string reason, string actor, DateTimeOffset now)
    {
        var changed = await session.ExecuteAsync(
            """
            update forwarding_rules set suspended_at = @Now, suspended_by = @actor, suspended_reason = @reason, waiting = null, waiting_since = null
            where wallet = @Wallet and asset = @Asset and kind = @Kind and suspended_at is null
            """,
            new { key.Wallet, key.Asset, key.Kind, reason, actor, Now = now.ToUnixTimeMilliseconds() });
        if (changed == 0)
            return false;
        await AppendEventAsync(session, "suspended", key, now, ("reason", reason), ("actor", actor));
        return true;
    }

    /// <summary>After a reorganisation, for all assets. Sweeps go on: they move nothing out, and only what is final.</summary>
    public static async Task SuspendForwardingAsync(this Session session, string wallet, string reason, string actor, DateTimeOffset now)
    {
        foreach (var rule in (await session.ForwardingsAsync(wallet)).Where(rule => rule.Kind == RuleKey.Forward))
            await session.SuspendAsync(rule.Key, reason, actor, now);
    }

    /// <returns>False: it is not suspended.</returns>
    public static async Task<bool> ResumeAsync(this Session session, RuleKey key, string actor, DateTimeOffset now)
    {
        var changed = await session.ExecuteAsync(
            "update forwarding_rules set suspended_at = null, suspended_by = null, suspended_reason = null, failures = 0 where wallet = @Wallet and asset = @Asset and kind = @Kind and suspended_at is not null", key);
        if (changed == 0)
            return false;
        await AppendEventAsync(session, "resumed", key, now, ("actor", actor));
        return true;
    }

    /// <summary>A rule, locked, if it is as it was read and a round of it may begin.</summary>
    public static async Task<StoredForwarding?> SameRuleAsync(this Session session, StoredForwarding read) =>
        await session.ForwardingAsync(read.Key, forUpdate: true) is { IsOpen: 0, SuspendedAt: null } rule && (rule.Version, rule.Round) == (read.Version, read.Round) ? rule : null;

    /// <summary>Says once why no round begins; the same with other numbers, such as a fee that changes with each block, is kept and not told again.</summary>
    /// <returns>False: it was said, or the rule has changed.</returns>
    public static async Task<bool> WaitAsync(this Session session, StoredForwarding read, string? reason, DateTimeOffset now)
    {
        var changed = await session.ExecuteAsync(
            """
            update forwarding_rules set waiting = @reason, waiting_since = case when @reason is null then null else coalesce(waiting_since, @Now) end
            where wallet = @Wallet and asset = @Asset and kind = @Kind and version = @Version and round = @Round and suspended_at is null and (waiting is null or @reason is null or waiting <> @reason)
            """,
            new { reason, Now = now.ToUnixTimeMilliseconds(), read.Wallet, read.Asset, read.Kind, read.Version, read.Round });
        if (changed == 0 || (reason is not null && WithoutNumbers(reason) == WithoutNumbers(read.Waiting)))
            return false;
        if (reason is not null)
            await AppendEventAsync(session, "waiting", read.Key, now, ("reason", reason));
        return true;
    }

    /// <summary>Notes the transfers of a new round.</summary>
    /// <exception cref="DuplicateException">Another one was first: nothing of this transaction is to be kept.</exception>
    public static async Task BeginRoundAsync(this Session session, StoredForwarding before, IReadOnlyList<Transfer> transfers, DateTimeOffset now)
    {
        var round = before.Round + 1;
        for (var part = 0; part < transfers.Count; part++)
        {
            await session.ExecuteAsync(
                "insert into forwarding_transfers (wallet, asset, kind, round, part, transfer) values (@Wallet, @Asset, @Kind, @round, @part, @Id)",
                new { before.Wallet, before.Asset, before.Kind, round, part = (long)part, transfers[part].Id });
        }

        await session.ExecuteAsync(
            "update forwarding_rules set round = @round, round_at = @Now, is_open = 1, waiting = null, waiting_since = null where wallet = @Wallet and asset = @Asset and kind = @Kind",
            new { round, Now = now.ToUnixTimeMilliseconds(), before.Wallet, before.Asset, before.Kind });
        await AppendEventAsync(
            session, "started", before.Key, now, ("round", Text(round)), ("amount", Amount.Write(transfers.Aggregate(BigInteger.Zero, (sum, transfer) => sum + transfer.Amount))),
            ("transfers", string.Join(' ', transfers.Select(transfer => transfer.Id))));
    }

    /// <summary>Notes that all transfers of the last round have ended.</summary>
    public static async Task EndRoundAsync(this Session session, StoredForwarding before, IReadOnlyList<Transfer> transfers, DateTimeOffset now)
    {
        var isPaid = transfers.All(transfer => transfer.State == TransferState.Final);
        await session.ExecuteAsync(
            "update forwarding_rules set is_open = 0, failures = @Failures where wallet = @Wallet and asset = @Asset and kind = @Kind",
            new { Failures = isPaid ? 0 : before.Failures + 1, before.Wallet, before.Asset, before.Kind });
        await AppendEventAsync(
            session, isPaid ? "finished" : "failed", before.Key, now, ("round", Text(before.Round)),
            ("fees", Amount.Write(transfers.Aggregate(BigInteger.Zero, (sum, transfer) => sum + (transfer.Fee ?? 0)))),
            ("reason", isPaid ? null : string.Join("; ", transfers.Where(transfer => transfer.State != TransferState.Final).Select(transfer => $"{transfer.Id} is {TransferMachine.Name(transfer.State)}: {transfer.Reason}"))));
    }

    /// <summary>In the order of their parts.</summary>
    public static async Task<IReadOnlyList<Transfer>> RoundAsync(this Session session, RuleKey key, long round)
    {
        var ids = await session.ListAsync<string>("select transfer from forwarding_transfers where wallet = @Wallet and asset = @Asset and kind = @Kind and round = @round order by part", new { key.Wallet, key.Asset, key.Kind, round });
        var transfers = new List<Transfer>();
        foreach (var id in ids)
            transfers.Add((await session.TransferAsync(id))!);
        return transfers;
    }

    private static Task AppendEventAsync(Session session, string happened, RuleKey key, DateTimeOffset now, params (string Name, string? Value)[] data) =>
        session.AppendEventAsync($"{(key.Kind == RuleKey.Sweep ? "sweeping" : "forwarding")}.{happened}", key.Wallet, data.Prepend((Name: "asset", Value: key.Asset)).ToDictionary(pair => pair.Name, pair => pair.Value), now);

    private static string? WithoutNumbers(string? text) => text is null ? null : string.Concat(text.Where(letter => !char.IsAsciiDigit(letter)));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
