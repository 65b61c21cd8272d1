using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Books;

/// <summary>An audit that begins at a checkpoint finds what one of everything finds, and reads less.</summary>
[Collection(StoreCollection.Name)]
public sealed class AuditorTests(PostgreSql postgreSql) : IDisposable
{
    private const int Every = 10;

    private readonly Scratch _scratch = new();
    private readonly StringWriter _log = new();

    public void Dispose()
    {
        _scratch.Dispose();
        _log.Dispose();
    }

    [SkippableTheory, OnBothStores]
    public async Task What_is_older_than_a_checkpoint_is_not_read_again_but_for_two_of_them(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var auditor = Auditor(database);
        Assert.Equal((true, 0L), Of(await auditor.AuditAsync(isFull: false, default)));
        await PostAsync(database, 1, 65);
        // Nothing to begin at yet.
        Assert.Equal((true, 65L), Of(await auditor.AuditAsync(isFull: false, default)));
        var report = await auditor.AuditAsync(isFull: false, default);
        Assert.Equal((false, 25L), Of(report));
        Assert.Equal((6L, 60L, Every), (report.Checkpoint!.Number, report.Checkpoint.Sequence, (int)report.Checkpoint.Postings));
        Assert.Equal([(51L, 60L, 6L), (61L, 65L, null)], report.Read.Skip(1).Select(range => (range.From, range.To, range.Checkpoint)));
        Assert.InRange(report.Read[0].Checkpoint!.Value, 1, 5);
        var full = await auditor.AuditAsync(isFull: true, default);
        Assert.Equal((true, 65L), Of(full));
        Assert.Null(full.Checkpoint);
        Assert.Equal(7, full.Read.Count);

        await PostAsync(database, 66, 100);
        await auditor.AuditAsync(isFull: false, default);
        Assert.Equal(10, (await database.ReadAsync(session => session.CheckpointsAsync())).Count);
    }

    [SkippableTheory]
    [InlineData(StoreKind.Sqlite, "update postings set amount = '7' where sequence = 15", 2)]
    [InlineData(StoreKind.PostgreSql, "update postings set amount = 7 where sequence = 15", 2)]
    [InlineData(StoreKind.Sqlite, "update postings set cause = 'other' where sequence = 15", 2)]
    [InlineData(StoreKind.PostgreSql, "update postings set cause = 'other' where sequence = 15", 2)]
    [InlineData(StoreKind.Sqlite, "delete from postings where sequence = 20", 2)]
    [InlineData(StoreKind.PostgreSql, "delete from postings where sequence = 20", 2)]
    [InlineData(StoreKind.Sqlite, "update audit_checkpoints set sums = replace(sums, '-', '') where number = 2", 2)]
    [InlineData(StoreKind.PostgreSql, "update audit_checkpoints set sums = '{}' where number = 2", 2)]
    [InlineData(StoreKind.Sqlite, "update audit_checkpoints set sums = 'x' where number = 2", 2)]
    [InlineData(StoreKind.PostgreSql, "delete from audit_checkpoints where number = 1", 2)]
    [InlineData(StoreKind.Sqlite, "update postings set amount = '7' where sequence = 5", 1)]
    [InlineData(StoreKind.PostgreSql, "update balances set amount = amount + 1 where account = 'available/wal_1'", 0)]
    public async Task Whoever_changes_the_books_behind_their_guards_is_found(StoreKind kind, string change, int checkpoints)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var auditor = Auditor(database);
        await PostAsync(database, 1, 25);
        await auditor.AuditAsync(isFull: false, default);
        Assert.Equal((false, 25L), Of(await auditor.AuditAsync(isFull: false, default)));
        // The schema refuses it, until somebody takes its triggers away.
        if (checkpoints > 0)
            await Assert.ThrowsAnyAsync<ForbiddenChangeException>(() => database.ChangeAsync(session => session.ExecuteAsync(change)));
        foreach (var statement in kind == StoreKind.PostgreSql
            ? ["alter table postings disable trigger user", "alter table audit_checkpoints disable trigger user"]
            : new[] { "postings_append_only_update", "postings_append_only_delete", "audit_checkpoints_append_only_update", "audit_checkpoints_append_only_delete" }.Select(name => $"drop trigger {name}"))
            await database.ChangeAsync(session => session.ExecuteAsync(statement));
        Assert.Equal(1, await database.ChangeAsync(session => session.ExecuteAsync(change)));
        var report = await auditor.AuditAsync(isFull: false, default);
        Assert.NotEmpty(report.Differences);
        Assert.NotEmpty((await auditor.AuditAsync(isFull: true, default)).Differences);
        if (checkpoints > 0)
            Assert.Contains(report.Differences, difference => difference.Contains($"checkpoint {checkpoints}", StringComparison.Ordinal));
        // What is wrong is no place to begin at.
        var before = await database.ReadAsync(session => session.CheckpointsAsync());
        await PostAsync(database, 26, 60);
        await auditor.AuditAsync(isFull: false, default);
        Assert.Equal(before.Count, (await database.ReadAsync(session => session.CheckpointsAsync())).Count);
    }

    [SkippableFact]
    public async Task Balances_that_no_posting_made_are_found_though_they_sum_to_zero()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await PostAsync(database, 1, Every);
        // As many as a checkpoint has.
        Assert.Equal((true, (long)Every), Of(await Auditor(database).AuditAsync(isFull: false, default)));
        Assert.Equal([1L], await database.ReadAsync(session => session.CheckpointsAsync()));
        await database.ChangeAsync(session => session.ExecuteAsync("insert into balances (account, asset, amount) values ('available/nobody', 'bitcoin', '5'), ('shortage/nobody', 'bitcoin', '-5')"));
        var report = await Auditor(database).AuditAsync(isFull: false, default);
        Assert.Equal(["available/nobody has 5 of bitcoin; its postings sum to 0", "shortage/nobody has -5 of bitcoin; its postings sum to 0"], report.Differences);
    }

    [SkippableTheory, OnBothStores]
    public async Task Checkpoints_made_while_many_write_miss_no_posting(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        using var over = new CancellationTokenSource();
        var auditing = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
                Assert.Empty((await Auditor(database).AuditAsync(isFull: false, default)).Differences);
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            foreach (var number in Enumerable.Range(0, 60))
            {
                await database.ChangeAsync(async session =>
                {
                    await session.PostAsync([Posting($"{writer}-{number}-a")], TestTransfers.Now);
                    // The number is taken: others end first.
                    await Task.Delay(Random.Shared.Next(3));
                    await session.PostAsync([Posting($"{writer}-{number}-b")], TestTransfers.Now);
                });
            }
        })));
        await over.CancelAsync();
        await auditing;
        var report = await Auditor(database).AuditAsync(isFull: true, default);
        Assert.Equal((true, 960L), Of(report));
        Assert.Empty(report.Differences);
        Assert.NotEmpty(await database.ReadAsync(session => session.CheckpointsAsync()));
    }

    [Fact]
    public async Task However_many_checkpoints_there_are_an_audit_reads_the_sums_of_a_few()
    {
        const int count = 200;
        const int size = 100_000;
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await database.ChangeAsync(async session =>
        {
            for (var number = 1; number <= count; number++)
                await session.AddCheckpointAsync(new AuditCheckpoint { Number = number, Sequence = number, Postings = 1, Digest = "none", Sums = $"{{{new string(' ', size)}}}", CreatedAt = 1 });
        });
        // SQLite works on the thread that asks.
        var before = GC.GetAllocatedBytesForCurrentThread();
        await database.ReadAsync(session => session.AuditAsync(isFull: false));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, size, count * size / 2);
    }

    private static (bool IsFull, long Read) Of(AuditReport report)
    {
        Assert.Empty(report.Differences);
        return (report.IsFull, report.Read.Sum(range => range.Postings));
    }

    private Auditor Auditor(Database database) => new(database, new PaymentsMetrics(new EventLog(TextWriter.Synchronized(_log), TimeProvider.System, "subject"), "1"), TimeProvider.System, Every);

    private static Posting Posting(string cause) => new(cause, Asset.Bitcoin, Account.World, Account.Available($"wal_{cause.Length % 3}"), 5);

    private static Task PostAsync(Database database, int from, int to) => database.ChangeAsync(
        session => session.PostAsync(Enumerable.Range(from, to - from + 1).Select(number => new Posting($"deposit/{number}", Asset.Bitcoin, Account.World, Account.Available($"wal_{1 + (number % 3)}"), number)), TestTransfers.Now));
}
