using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;

namespace HaCluster.Payments.Tests.Signing;

/// <summary>What signers that share a journal agree to together.</summary>
[Collection(StoreCollection.Name)]
public sealed class SignerJournalTests(PostgreSql postgreSql) : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task What_one_signer_agreed_to_binds_the_other()
    {
        var connection = await postgreSql.CreateAsync();
        await using var one = new SignerJournal(new PostgreSqlDatabase(connection));
        await using var other = new SignerJournal(new PostgreSqlDatabase(connection));
        await AgreeAsync(one, "trf_1", "nonce 0");
        await AgreeAsync(other, "trf_1", "nonce 0");
        Assert.Equal("other-inputs", (await Assert.ThrowsAsync<SigningRefusedException>(() => AgreeAsync(other, "trf_1", "nonce 1"))).Code);
        Assert.Equal("input-used", (await Assert.ThrowsAsync<SigningRefusedException>(() => AgreeAsync(other, "trf_2", "nonce 0"))).Code);
        Assert.Equal("contradiction", (await Assert.ThrowsAsync<SigningRefusedException>(() => AgreeAsync(other, "trf_1", "nonce 0", amount: 2))).Code);
        // What was refused left nothing behind.
        await AgreeAsync(one, "trf_2", "nonce 1");
    }

    [SkippableTheory, OnBothStores]
    public async Task Together_they_stay_within_the_limit_of_a_day(StoreKind kind)
    {
        var connection = kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : "";
        Database Open() => kind == StoreKind.PostgreSql ? new PostgreSqlDatabase(connection) : new SqliteDatabase(_scratch.At("signer.db"));
        await using var one = new SignerJournal(Open());
        await using var other = new SignerJournal(Open());
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 24).Select(async number =>
        {
            try
            {
                await AgreeAsync(number % 2 == 0 ? one : other, $"trf_{number}", $"nonce {number}", check: spent => Refuse(spent >= 5));
                return true;
            }
            catch (SigningRefusedException)
            {
                return false;
            }
        }));
        Assert.Equal(5, outcomes.Count(agreed => agreed));
    }

    [SkippableFact]
    public async Task A_journal_that_is_away_signs_nothing()
    {
        Skip.If(OperatingSystem.IsWindows(), "the port has to be refused at once");
        await using var journal = new SignerJournal(new PostgreSqlDatabase("Host=127.0.0.1;Port=1;Username=signer;Database=signer;Timeout=5"));
        await Assert.ThrowsAsync<SignerUnavailableException>(() => AgreeAsync(journal, "trf_1", "nonce 0"));
    }

    private static void Refuse(bool isRefused)
    {
        if (isRefused)
            throw new SigningRefusedException("above-daily-limit", "enough");
    }

    [SkippableTheory, OnBothStores]
    public async Task Transfers_that_share_coins_are_signed_together_or_not_at_all(StoreKind kind)
    {
        await using var journal = new SignerJournal(await OpenAsync(kind));
        await AgreeAsync(journal, "trf_1", ["coin a", "coin b"], [("trf_1", 1, true), ("trf_2", 2, true), ("trf_3", 4, true)]);
        // Again, and without one that is cancelled.
        await AgreeAsync(journal, "trf_1", ["coin a", "coin b"], [("trf_1", 1, true), ("trf_2", 2, false), ("trf_3", 4, true)]);
        Assert.Equal("other-transfers", await RefusedAsync("trf_1", ["coin a", "coin b"], [("trf_1", 1, true), ("trf_3", 4, true)]));
        Assert.Equal("other-transfers", await RefusedAsync("trf_1", ["coin a", "coin b"], [("trf_1", 1, true), ("trf_2", 2, true), ("trf_3", 4, true), ("trf_4", 8, true)]));
        Assert.Equal("other-inputs", await RefusedAsync("trf_1", ["coin a"], [("trf_1", 1, true), ("trf_2", 2, true), ("trf_3", 4, true)]));
        Assert.Equal("other-inputs", await RefusedAsync("trf_2", ["coin c"], [("trf_2", 2, true)]));
        Assert.Equal("other-inputs", await RefusedAsync("trf_4", ["coin c"], [("trf_4", 8, true), ("trf_3", 4, true)]));
        Assert.Equal("contradiction", await RefusedAsync("trf_1", ["coin a", "coin b"], [("trf_1", 1, true), ("trf_2", 3, true), ("trf_3", 4, true)]));
        Assert.Equal("input-used", await RefusedAsync("trf_4", ["coin b"], [("trf_4", 8, true)]));
        // Each sees the others of the day and those before it in the batch, not itself.
        var seen = new List<int?>();
        await AgreeAsync(journal, "trf_5", ["coin d"], [("trf_5", 16, true), ("trf_6", 32, true)], seen);
        // What was agreed to is not asked about again.
        await AgreeAsync(journal, "trf_5", ["coin d"], [("trf_5", 16, true), ("trf_6", 32, true)], seen);
        Assert.Equal([7, 23, null, null], seen);

        async Task<string> RefusedAsync(string owner, string[] inputs, (string, int, bool)[] transfers) => (await Assert.ThrowsAsync<SigningRefusedException>(() => AgreeAsync(journal, owner, inputs, transfers))).Code;
    }

    [SkippableTheory, OnBothStores]
    public async Task What_was_forsworn_is_never_signed_and_what_was_signed_is_not_forsworn(StoreKind kind)
    {
        await using var journal = new SignerJournal(await OpenAsync(kind));
        await journal.ForswearAsync("hot", "trf_1", ["trf_1"]);
        await journal.ForswearAsync("hot", "trf_1", ["trf_1"]);
        Assert.Equal("signing-renounced", (await Assert.ThrowsAsync<SigningRefusedException>(() => AgreeAsync(journal, "trf_1", "coin a"))).Code);
        // Its coin is free for another.
        await AgreeAsync(journal, "trf_2", "coin a");
        Assert.Equal("already-signed", (await Assert.ThrowsAsync<SigningRefusedException>(() => journal.ForswearAsync("hot", "trf_2", ["trf_2"]))).Code);
        // One of several was signed by itself: who has its transaction may send it.
        Assert.Equal("already-signed", (await Assert.ThrowsAsync<SigningRefusedException>(() => journal.ForswearAsync("hot", "trf_3", ["trf_3", "trf_2"]))).Code);
        await AgreeAsync(journal, "trf_2", "coin a");
    }

    [SkippableTheory, OnBothStores]
    public async Task What_cannot_be_completed_leaves_nothing_behind(StoreKind kind)
    {
        await using var journal = new SignerJournal(await OpenAsync(kind));
        await Assert.ThrowsAsync<SigningRefusedException>(() => journal.AgreeAsync<bool>(
            Of("trf_1", ["coin a"], [("trf_1", 1, true)]), Now, Day, (_, _) => { }, () => throw new SigningRefusedException("not-the-order", "a signature is missing")));
        await AgreeAsync(journal, "trf_2", "coin a");
    }

    [SkippableTheory, OnBothStores]
    public async Task A_cancellation_counts_for_no_limit_and_has_no_way_back(StoreKind kind)
    {
        await using var journal = new SignerJournal(await OpenAsync(kind));
        await AgreeAsync(journal, "trf_1", ["coin a"], [("trf_1", 100, false)]);
        Assert.Equal("cancelled", (await Assert.ThrowsAsync<SigningRefusedException>(() => AgreeAsync(journal, "trf_1", ["coin a"], [("trf_1", 100, true)]))).Code);
        var seen = new List<int?>();
        await AgreeAsync(journal, "trf_1", ["coin a"], [("trf_1", 100, false)], seen);
        await AgreeAsync(journal, "trf_2", ["coin b"], [("trf_2", 1, true)], seen);
        await AgreeAsync(journal, "trf_3", ["coin c"], [("trf_3", 100, false)], seen);
        Assert.Equal([null, 0, null], seen);
    }

    [SkippableTheory, OnBothStores]
    public async Task The_sum_of_a_window_is_that_of_its_agreements_also_in_a_journal_of_an_earlier_version(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        await using var journal = new SignerJournal(database);
        var random = new Random(11);
        var agreed = new List<(DateTimeOffset At, int Amount)>();
        var now = Now;
        for (var number = 0; number < 80; number++)
        {
            // Clocks of several signers: a later one may be some minutes behind.
            now += TimeSpan.FromMinutes(random.Next(-5, 60));
            var (at, seen) = (now, new List<int?>());
            await AgreeAsync(journal, $"trf_{number}", [$"coin {number}"], [($"trf_{number}", number + 1, true)], seen, at);
            agreed = [.. agreed.Where(one => one.At > at - Day)];
            Assert.Equal([agreed.Sum(one => one.Amount)], seen);
            var last = agreed.Count > 0 ? agreed[^1].At : at;
            agreed.Add((at > last ? at : last, number + 1));
            if (number == 40)
                await database.ChangeAsync(session => session.ExecuteAsync("delete from totals"));
        }
    }

    [SkippableTheory, OnBothStores]
    public async Task Under_clocks_that_differ_by_more_than_a_day_nothing_is_signed_and_nothing_is_refused(StoreKind kind)
    {
        await using var journal = new SignerJournal(await OpenAsync(kind));
        await AgreeAsync(journal, "trf_1", ["coin a"], [("trf_1", 1, true)], now: Now.AddDays(365));
        // It would be in the window of everything that comes after it, for a year.
        await Assert.ThrowsAsync<SignerUnavailableException>(() => AgreeAsync(journal, "trf_2", ["coin b"], [("trf_2", 1, true)]));
        await AgreeAsync(journal, "trf_2", ["coin b"], [("trf_2", 1, true)], now: Now.AddDays(365) - TimeSpan.FromMinutes(4));
    }

    private Task<Database> OpenAsync(StoreKind kind) => Stores.OpenAsync(kind, _scratch, postgreSql);

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private static Agreement Of(string owner, string[] inputs, (string Id, int Amount, bool IsPaid)[] transfers) =>
        new("hot", owner, [.. transfers.Select(transfer => new AgreedTransfer(transfer.Id, Asset.Ethereum, "0x1", transfer.Amount, transfer.IsPaid))], inputs);

    /// <param name="seen">Gets the sums that the check sees.</param>
    private static Task<bool> AgreeAsync(SignerJournal journal, string owner, string[] inputs, (string Id, int Amount, bool IsPaid)[] transfers, List<int?>? seen = null, DateTimeOffset? now = null) =>
        journal.AgreeAsync(Of(owner, inputs, transfers), now ?? Now, Day, (_, spent) => seen?.Add((int?)spent), () => true);

    private static Task<bool> AgreeAsync(SignerJournal journal, string transfer, string input, int amount = 1, Action<BigInteger?>? check = null) =>
        journal.AgreeAsync(Of(transfer, [input], [(transfer, amount, true)]), Now, Day, (_, spent) => check?.Invoke(spent), () => true);
}
