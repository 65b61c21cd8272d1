using System.Collections.Immutable;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Tests.Writing;

/// <summary>Of a request that is refused nothing is remembered either: what was good in it is new when it comes again.</summary>
public sealed class RefusedRequestTests : IDisposable
{
    private readonly Ledgers _ledgers = new();

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public async Task Good_records_of_a_refused_request_are_stored_when_they_come_again()
    {
        await using var logs = await _ledgers.OpenAsync();
        await StoredAsync(logs, 1, Ledgers.Record("taken", """{"n":1}"""));
        var good = Ledgers.Record("good", """{"n":2}""");
        Assert.IsType<Outcome.Refused>(await logs.AppendAsync(Ledgers.Stream, [good, Ledgers.Record("taken", """{"n":9}""")]));
        Assert.Equal(["taken"], await _ledgers.IdsAsync());

        await StoredAsync(logs, 2, good);
        Assert.Equal(["taken", "good"], await _ledgers.IdsAsync());
    }

    [Fact]
    public async Task Numbers_of_a_refused_request_are_free_again()
    {
        await using var logs = await _ledgers.OpenAsync();
        await StoredAsync(logs, 1, Ledgers.Record("1", sequence: 1));
        Assert.IsType<Outcome.Refused>(await logs.AppendAsync(Ledgers.Stream, [Ledgers.Record("2", sequence: 2), Ledgers.Record("3", sequence: 3), Ledgers.Record("1", """{"n":9}""", sequence: 1)]));
        await StoredAsync(logs, 2, Ledgers.Record("2", """{"n":2}""", sequence: 2));
        await StoredAsync(logs, 3, Ledgers.Record("3", """{"n":3}""", sequence: 3));
        Assert.Equal(["1", "2", "3"], await _ledgers.IdsAsync());
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_and_takes_no_room()
    {
        _ledgers.Options = _ledgers.Options with { MostWaiting = new AppendRequest(Ledgers.Records(1, 1), 0).Size * 3 / 2 };
        var (archive, gate) = (new FaultyArchive(_ledgers.Archive), new TaskCompletionSource());
        _ledgers.Archive = archive;
        await using var logs = await _ledgers.OpenAsync();
        var begun = archive.Begun;
        archive.Gate = gate.Task;
        var first = logs.AppendAsync(Ledgers.Stream, Ledgers.Records(1, 1));
        await Waiting.UntilAsync("the first is on its way", () => archive.Begun > begun);
        var others = Enumerable.Range(0, 3).Select(_ => logs.AppendAsync(Ledgers.Stream, Ledgers.Records(2, 1))).ToArray();
        gate.SetResult();
        Assert.All(await Task.WhenAll(others), other => Assert.Contains("too many records wait", Assert.IsType<Outcome.Unavailable>(other).Reason, StringComparison.Ordinal));
        Assert.IsType<Outcome.Stored>(await first);
        // What is answered makes room a moment later.
        Outcome? outcome = null;
        await Waiting.UntilAsync("there is room", async () => (outcome = await logs.AppendAsync(Ledgers.Stream, Ledgers.Records(2, 1))) is not Outcome.Unavailable);
        Assert.IsType<Outcome.Stored>(outcome);
    }

    private static async Task StoredAsync(StreamLogs logs, long sequence, PreparedRecord record)
    {
        var stored = Assert.IsType<Outcome.Stored>(await logs.AppendAsync(Ledgers.Stream, ImmutableArray.Create(record)));
        Assert.Equal((sequence, 0), (stored.Sequences[0], stored.Repeated));
    }
}
