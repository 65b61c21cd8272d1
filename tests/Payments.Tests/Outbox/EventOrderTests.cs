using System.Collections.Concurrent;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;

namespace HaCluster.Payments.Tests.Outbox;

/// <summary>Readers miss no event, whatever the order in which transactions end.</summary>
[Collection(StoreCollection.Name)]
public sealed class EventOrderTests(PostgreSql postgreSql) : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task An_event_whose_transaction_ends_late_comes_after_those_that_were_read_before()
    {
        await using var database = await Stores.OpenAsync(StoreKind.PostgreSql, _scratch, postgreSql);
        var hasWritten = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        var late = database.ChangeAsync(async session =>
        {
            await AppendEventAsync(session, "late");
            hasWritten.SetResult();
            await mayEnd.Task;
        });
        await hasWritten.Task;
        await database.ChangeAsync(session => AppendEventAsync(session, "early"));
        var first = Assert.Single(await database.EventsAsync(0, 10));
        mayEnd.SetResult();
        await late;
        var second = Assert.Single(await database.EventsAsync(first.Position, 10));
        Assert.Equal((("early", 1L), ("late", 2L)), ((first.Subject, first.Position), (second.Subject, second.Position)));
    }

    [SkippableTheory, Store.OnBothStores]
    public async Task Readers_beside_many_writers_see_every_event_once_in_the_order_of_its_subject(StoreKind kind)
    {
        const int writers = 8;
        const int transactions = 25;
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; number < transactions; number++)
            {
                await database.ChangeAsync(async session =>
                {
                    await AppendEventAsync(session, $"writer-{writer}", $"{number}");
                    // Others take numbers and end in between.
                    await Task.Yield();
                    await AppendEventAsync(session, "all", $"{writer}/{number}");
                });
            }
        })));
        var seen = new ConcurrentBag<StoredEvent[]>();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var events = new List<StoredEvent>();
            for (var isLast = false; ;)
            {
                var page = await database.EventsAsync(events.LastOrDefault()?.Position ?? 0, 7);
                events.AddRange(page);
                if (page.Count == 0 && isLast)
                    break;
                // What is there after all have written is read to the end.
                isLast = page.Count == 0 && writing.IsCompleted;
            }

            seen.Add([.. events]);
        })));
        await writing;
        foreach (var events in seen)
        {
            Assert.Equal(Enumerable.Range(1, 2 * writers * transactions).Select(number => (long)number), events.Select(one => one.Position));
            Assert.Equal(2 * writers * transactions, events.Select(one => one.Id).Distinct().Count());
            for (var writer = 0; writer < writers; writer++)
                Assert.Equal(Enumerable.Range(0, transactions).Select(number => $"{number}"), events.Where(one => one.Subject == $"writer-{writer}").Select(one => one.Type));
        }
    }

    private static Task AppendEventAsync(Session session, string subject, string type = "told") => session.AppendEventAsync(type, subject, new Dictionary<string, string?>(), Now);
}
