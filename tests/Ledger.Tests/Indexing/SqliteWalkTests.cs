using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Indexing.Sqlite;

namespace HaCluster.Ledger.Tests.Indexing;

/// <summary>The same of an index that walks its records for every word, as it does for words that many have.</summary>
public sealed class SqliteWalkTests : IndexSuite, IDisposable
{
    private readonly Scratch _scratch = new();

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _scratch.Dispose();

    /// <summary>Records that arrive long after they happened, so that their order is not that of their sequences.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Words_of_many_records_are_found_whatever_the_order_in_which_they_arrived(int limit)
    {
        await using var index = await OpenAsync();
        var random = new Random(limit);
        var seconds = Enumerable.Range(1, 3000).Select(number => random.Next(10) == 0 ? random.Next(3000) : number).ToArray();
        IndexRecord[] all = [.. seconds.Select((second, place) => Record(place + 1, $$"""{"parity":"{{(place % 2 == 0 ? "even" : "odd")}}","third":"{{(place % 3 == 0 ? "yes" : "no")}}"}""", second))];
        await index.AddAsync("payments", all, default);
        var query = new RecordQuery("payments") { Words = ["even", "yes"], From = Micros(100), To = Micros(2500), Limit = limit };

        var found = await SequencesAsync(index, query);

        Assert.Equal(
            all.Where(record => (record.Sequence - 1) % 6 == 0 && record.Event >= query.From && record.Event < query.To).OrderBy(record => record.Event).ThenBy(record => record.Sequence).Select(record => record.Sequence),
            found);
    }

    private protected override Task<IIndex> OpenAsync() => Task.FromResult<IIndex>(SqliteIndex.Open(_scratch.At("index.db"), few: 0));
}
