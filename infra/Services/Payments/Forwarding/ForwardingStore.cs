using System.Globalization;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Forwarding;

/// <summary>A rule, and how far it has come.</summary>
internal sealed record StoredForwarding
{
    public required string Wallet { get; init; }

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

    /// <summary>Null: it is not.</summary>
    public long? SuspendedAt { get; init; }

    public string? SuspendedBy { get; init; }

    public string? SuspendedReason { get; init; }

    public required string ChangedBy { get; init; }

    public long ChangedAt { get; init; }

    public ForwardingRule Rule => ForwardingRule.Read(Document);

    /// <summary>When the next round may begin.</summary>
    public DateTimeOffset DueAt => DateTimeOffset.FromUnixTimeMilliseconds(RoundAt ?? 0).AddSeconds(RoundAt is null ? 0 : Rule.IntervalSeconds);
}

/// <summary>Automatic forwarding in the store.</summary>
internal static class ForwardingStore
{
    private const string Columns = "wallet, version, document, round, round_at, is_open, failures, waiting, suspended_at, suspended_by, suspended_reason, changed_by, changed_at";

    /// <returns>Null: the wallet has no rule.</returns>
    public static Task<StoredForwarding?> ForwardingAsync(this Session session, string wallet, bool forUpdate = false) =>
        session.FindAsync<StoredForwarding>($"select {Columns} from forwarding_rules where wallet = @wallet{(forUpdate ? session.ForUpdate : "")}", new { wallet });

    public static Task<IReadOnlyList<StoredForwarding>> ForwardingsAsync(this Session session) => session.ListAsync<StoredForwarding>($"select {Columns} from forwarding_rules order by wallet");

    /// <summary>Writes a rule, or another in its place. One that is suspended stays so.</summary>
    public static async Task SetForwardingAsync(this Session session, string wallet, ForwardingRule rule, string actor, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            """
            insert into forwarding_rules (wallet, version, document, changed_by, changed_at) values (@wallet, 1, @Document, @actor, @Now)
            on conflict (wallet) do update set version = forwarding_rules.version + 1, document = excluded.document, waiting = null, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """,
            new { wallet, Document = rule.ToJson(), actor, Now = now.ToUnixTimeMilliseconds() });
        await TellAsync(session, "changed", wallet, now, ("destinations", string.Join(' ', rule.Destinations.Select(destination => $"{destination.Address} {destination.Share}"))), ("actor", actor));
    }

    /// <summary>Begins no round until a person resumes it. Transfers that are made already go on.</summary>
    /// <returns>False: there is no rule, or it is suspended already, and keeps the reason that it has.</returns>
    public static async Task<bool> SuspendForwardingAsync(this Session session, string wallet, string reason, string actor, DateTimeOffset now)
    {
        var changed = await session.ExecuteAsync(
            "update forwarding_rules set suspended_at = @Now, suspended_by = @actor, suspended_reason = @reason, waiting = null where wallet = @wallet and suspended_at is null",
            new { wallet, reason, actor, Now = now.ToUnixTimeMilliseconds() });
        if (changed == 0)
            return false;
        await TellAsync(session, "suspended", wallet, now, ("reason", reason), ("actor", actor));
        return true;
    }

    /// <returns>False: it is not suspended.</returns>
    public static async Task<bool> ResumeForwardingAsync(this Session session, string wallet, string actor, DateTimeOffset now)
    {
        var changed = await session.ExecuteAsync(
            "update forwarding_rules set suspended_at = null, suspended_by = null, suspended_reason = null, failures = 0 where wallet = @wallet and suspended_at is not null", new { wallet });
        if (changed == 0)
            return false;
        await TellAsync(session, "resumed", wallet, now, ("actor", actor));
        return true;
    }

    /// <summary>Says once why no round begins.</summary>
    /// <returns>False: it was said, or the rule has changed.</returns>
    public static async Task<bool> WaitAsync(this Session session, StoredForwarding read, string? reason, DateTimeOffset now)
    {
        var changed = await session.ExecuteAsync(
            "update forwarding_rules set waiting = @reason where wallet = @Wallet and version = @Version and round = @Round and suspended_at is null and (waiting is null or @reason is null or waiting <> @reason)",
            new { reason, read.Wallet, read.Version, read.Round });
        if (changed == 0)
            return false;
        if (reason is not null)
            await TellAsync(session, "waiting", read.Wallet, now, ("reason", reason));
        return true;
    }

    /// <summary>Notes the transfers of a new round.</summary>
    /// <exception cref="DuplicateException">Another one was first: nothing of this transaction is to be kept.</exception>
    public static async Task BeginRoundAsync(this Session session, StoredForwarding before, IReadOnlyList<Transfer> transfers, DateTimeOffset now)
    {
        var round = before.Round + 1;
        for (var part = 0; part < transfers.Count; part++)
            await session.ExecuteAsync("insert into forwarding_transfers (wallet, round, part, transfer) values (@Wallet, @round, @part, @Id)", new { before.Wallet, round, part = (long)part, transfers[part].Id });
        await session.ExecuteAsync(
            "update forwarding_rules set round = @round, round_at = @Now, is_open = 1, waiting = null where wallet = @Wallet", new { round, Now = now.ToUnixTimeMilliseconds(), before.Wallet });
        await TellAsync(
            session, "started", before.Wallet, now, ("round", Text(round)), ("amount", Amount.Write(transfers.Aggregate(BigInteger.Zero, (sum, transfer) => sum + transfer.Amount))),
            ("transfers", string.Join(' ', transfers.Select(transfer => transfer.Id))));
    }

    /// <summary>Notes that all transfers of the last round have ended.</summary>
    public static async Task EndRoundAsync(this Session session, StoredForwarding before, IReadOnlyList<Transfer> transfers, DateTimeOffset now)
    {
        var isPaid = transfers.All(transfer => transfer.State == TransferState.Final);
        await session.ExecuteAsync(
            "update forwarding_rules set is_open = 0, failures = @Failures where wallet = @Wallet", new { Failures = isPaid ? 0 : before.Failures + 1, before.Wallet });
        await TellAsync(
            session, isPaid ? "finished" : "failed", before.Wallet, now, ("round", Text(before.Round)),
            ("fees", Amount.Write(transfers.Aggregate(BigInteger.Zero, (sum, transfer) => sum + (transfer.Fee ?? 0)))),
            ("reason", isPaid ? null : string.Join("; ", transfers.Where(transfer => transfer.State != TransferState.Final).Select(transfer => $"{transfer.Id} is {TransferMachine.Name(transfer.State)}: {transfer.Reason}"))));
    }

    /// <summary>In the order of their parts.</summary>
    public static async Task<IReadOnlyList<Transfer>> RoundAsync(this Session session, string wallet, long round)
    {
        var ids = await session.ListAsync<string>("select transfer from forwarding_transfers where wallet = @wallet and round = @round order by part", new { wallet, round });
        var transfers = new List<Transfer>();
        foreach (var id in ids)
            transfers.Add((await session.TransferAsync(id))!);
        return transfers;
    }

    private static Task TellAsync(Session session, string happened, string wallet, DateTimeOffset now, params (string Name, string? Value)[] data) =>
        session.TellAsync($"forwarding.{happened}", wallet, data.ToDictionary(pair => pair.Name, pair => pair.Value), now);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
