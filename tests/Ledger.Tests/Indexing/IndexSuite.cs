using System.Collections.Immutable;
using System.Text;
using FsCheck.Fluent;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Tests.Indexing;

/// <summary>What both indexes have to do alike.</summary>
public abstract class IndexSuite : IAsyncLifetime
{
    private const string Stream = "payments";

    private protected abstract Task<IIndex> OpenAsync();

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task Records_are_found_in_the_order_in_which_they_happened()
    {
        await using var index = await OpenAsync();
        Assert.Equal(0, await index.PositionAsync(Stream, default));
        var added = await index.AddAsync(Stream, [Record(1, seconds: 30), Record(2, seconds: 10), Record(3, seconds: 20), Record(4, seconds: 10)], default);
        Assert.Equal(new Added(4, 0), added);
        Assert.Equal(4, await index.PositionAsync(Stream, default));
        Assert.Equal([2, 4, 3, 1], await SequencesAsync(index, new RecordQuery(Stream)));
        Assert.Equal([3], await SequencesAsync(index, new RecordQuery(Stream) { From = Micros(11), To = Micros(30) }));
        Assert.Equal([2, 4, 3], await SequencesAsync(index, new RecordQuery(Stream) { From = Micros(10), To = Micros(30) }));
        Assert.Equal([3], await SequencesAsync(index, new RecordQuery(Stream) { Id = "r-3" }));
        Assert.Empty(await SequencesAsync(index, new RecordQuery(Stream) { Id = "r-9" }));
    }

    [Fact]
    public async Task A_record_comes_back_as_it_was()
    {
        await using var index = await OpenAsync();
        var record = Record(1, """{"amount":"12.00","list":[1,2.5,null,true],"text":"Zürich \"x\" \\ 日本 😀"}""") with { Time = "1970-01-01T00:00:00.000001+00:00", Event = 1, ProducerSequence = 7, Id = "ä 'b' \"c\"" };
        await index.AddAsync(Stream, [record], default);
        var found = Assert.Single((await index.SearchAsync(new RecordQuery(Stream), default)).Records);
        Assert.Equal(Encoding.UTF8.GetString(record.Data.Span), Encoding.UTF8.GetString(found.Data.Span));
        Assert.Equal((record.Id, record.Producer, record.At, record.Time, record.ProducerSequence, record.Event, record.Sequence), (found.Id, found.Producer, found.At, found.Time, found.ProducerSequence, found.Event, found.Sequence));
        Assert.True(record.Hash.Span.SequenceEqual(found.Hash.Span));
    }

    [Theory]
    [InlineData("pay-17", 1)]
    [InlineData("PAY", 1, 2)]
    [InlineData("17", 1)]
    [InlineData("12.00", 1)]
    [InlineData("12", 1, 2)]
    [InlineData("eur pay-18", 2)]
    [InlineData("eur pay-19")]
    [InlineData("zürich", 1)]
    [InlineData("zurich")]
    [InlineData("near", 2)]
    [InlineData("NEAR(pay eur)", 2)]
    [InlineData("\"eur\" OR -usd*", 2)]
    [InlineData("true", 2)]
    [InlineData("a@example.com", 1)]
    [InlineData("example", 1)]
    [InlineData("example.co")]
    [InlineData("amount")]
    public async Task Words_of_the_data_are_found_and_nothing_in_them_is_an_operator(string text, params int[] sequences)
    {
        await using var index = await OpenAsync();
        await index.AddAsync(
            Stream,
            [
                Record(1, """{"amount":"12.00","by":"a@example.com","ref":"Pay-17","town":"Zürich"}"""),
                Record(2, """{"amount":12,"is":true,"list":[{"ref":"pay-18"},"EUR, near OR usd"]}"""),
            ],
            default);
        Assert.Equal(sequences.Select(sequence => (long)sequence), await SequencesAsync(index, new RecordQuery(Stream) { Words = Words.Of(text) }));
    }

    [Fact]
    public async Task What_is_added_again_is_there_once()
    {
        await using var index = await OpenAsync();
        IndexRecord[] records = [.. Enumerable.Range(1, 20).Select(number => Record(number))];
        await index.AddAsync(Stream, records[..12], default);
        Assert.Equal(12, (await index.AddAsync(Stream, records[..12], default)).Position);
        Assert.Equal(20, (await index.AddAsync(Stream, records[5..], default)).Position);
        Assert.Equal(20, (await index.AddAsync(Stream, records[..7], default)).Position);
        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), await SequencesAsync(index, new RecordQuery(Stream)));
    }

    [Fact]
    public async Task Streams_do_not_mix()
    {
        await using var index = await OpenAsync();
        await index.AddAsync(Stream, [Record(1)], default);
        await index.AddAsync(Stream + "-eu", [Record(1), Record(2)], default);
        Assert.Equal([1], await SequencesAsync(index, new RecordQuery(Stream)));
        Assert.Equal([1, 2], await SequencesAsync(index, new RecordQuery(Stream + "-eu")));
        Assert.Empty(await SequencesAsync(index, new RecordQuery("other")));
        Assert.Equal((1, 2, 0), (await index.PositionAsync(Stream, default), await index.PositionAsync(Stream + "-eu", default), await index.PositionAsync("other", default)));
    }

    [Fact]
    public async Task A_page_of_large_records_has_fewer_of_them()
    {
        await using var index = await OpenAsync();
        var large = new string('x', 1_000_000);
        await index.AddAsync(Stream, [.. Enumerable.Range(1, 8).Select(number => Record(number, $$"""{"n":{{number}},"text":"{{large}}"}"""))], default);
        var page = await index.SearchAsync(new RecordQuery(Stream) { Limit = 100 }, default);
        Assert.InRange(page.Records.Count, 4, 5);
        Assert.True(page.HasMore);
        Assert.Equal(Enumerable.Range(1, 8).Select(number => (long)number), await SequencesAsync(index, new RecordQuery(Stream)));
    }

    /// <summary>Against a list in memory: any records, any question, pages of any size.</summary>
    [Fact]
    public async Task Every_question_is_answered_as_a_list_would()
    {
        await using var index = await OpenAsync();
        var names = 0;
        var texts = Gen.Elements("alpha", "beta", "gamma", "alpha beta", "beta-7 gamma", "alpha,7");
        var records = Gen.Zip(Gen.Choose(0, 6), texts).ListOf().Where(list => list.Count is > 0 and < 40);
        var query = Gen.Zip(Gen.Zip(Gen.Choose(-1, 7), Gen.Choose(-1, 7)), Gen.Zip(Gen.Elements("", "alpha", "beta", "beta-7", "7 alpha", "gamma beta", "delta"), Gen.Choose(1, 7)));
        foreach (var (list, ((from, to), (text, limit))) in Gen.Zip(records, query).Sample(40, 60))
        {
            var stream = $"s-{names++}";
            IndexRecord[] all = [.. list.Select((one, place) => Record(place + 1, $$"""{"text":"{{one.Item2}}"}""", one.Item1))];
            await index.AddAsync(stream, all, default);
            var words = Words.Of(text);
            var asked = new RecordQuery(stream) { From = from < 0 ? null : Micros(from), To = to < 0 ? null : Micros(to), Words = words, Limit = limit };
            var expected = all.Where(record => !(record.Event < asked.From) && !(record.Event >= asked.To) && words.All(word => record.Words.Split(' ').Contains(word)))
                .OrderBy(record => record.Event).ThenBy(record => record.Sequence).Select(record => record.Sequence);
            Assert.Equal(expected, await SequencesAsync(index, asked));
        }
    }

    [Fact]
    public async Task Pages_neither_overlap_nor_leave_anything_out_while_records_arrive()
    {
        await using var index = await OpenAsync();
        await index.AddAsync(Stream, [.. Enumerable.Range(1, 10).Select(number => Record(number, seconds: number))], default);
        var first = await index.SearchAsync(new RecordQuery(Stream) { Limit = 5 }, default);
        await index.AddAsync(Stream, [Record(11, seconds: 2), Record(12, seconds: 7), Record(13, seconds: 99)], default);
        var last = first.Records[^1];
        var rest = await SequencesAsync(index, new RecordQuery(Stream) { Limit = 5, After = new Place(last.Event, last.Sequence) });
        Assert.Equal([1, 2, 3, 4, 5], first.Records.Select(record => record.Sequence));
        Assert.Equal([6, 7, 12, 8, 9, 10, 13], rest);
    }

    [Fact]
    public async Task A_rebuild_takes_the_place_of_the_present_index_when_it_is_complete()
    {
        await using var index = await OpenAsync();
        IndexRecord[] records = [.. Enumerable.Range(1, 30).Select(number => Record(number))];
        await index.AddAsync(Stream, records[..20], default);
        await using (var abandoned = await index.RebuildAsync(Stream, default))
            await abandoned.AddAsync(records[..10], default);
        Assert.Equal(20, (await SequencesAsync(index, new RecordQuery(Stream))).Count);

        await using (var build = await index.RebuildAsync(Stream, default))
        {
            await build.AddAsync(records[..15], default);
            Assert.Equal(20, (await SequencesAsync(index, new RecordQuery(Stream))).Count);
            Assert.Equal(20, await build.FinishAsync(default));
            // The service goes on meanwhile.
            await index.AddAsync(Stream, records[..25], default);
            await build.AddAsync(records[15..20], default);
            Assert.Equal(25, await build.FinishAsync(default));
            await build.AddAsync(records[20..], default);
            Assert.Equal(30, await build.FinishAsync(default));
        }

        Assert.Equal(30, await index.PositionAsync(Stream, default));
        Assert.Equal(Enumerable.Range(1, 30).Select(number => (long)number), await SequencesAsync(index, new RecordQuery(Stream)));
        Assert.Equal([7], await SequencesAsync(index, new RecordQuery(Stream) { Words = ["7"], Limit = 2 }));
        Assert.Equal(31, (await index.AddAsync(Stream, [Record(31)], default)).Position);
    }

    [Fact]
    public async Task An_index_that_is_opened_again_has_what_it_had()
    {
        await using (var index = await OpenAsync())
            await index.AddAsync(Stream, [Record(1), Record(2)], default);
        await using var again = await OpenAsync();
        Assert.Equal(2, await again.PositionAsync(Stream, default));
        Assert.Equal([1, 2], await SequencesAsync(again, new RecordQuery(Stream)));
    }

    private protected static async Task<List<long>> SequencesAsync(IIndex index, RecordQuery query)
    {
        var sequences = new List<long>();
        while (true)
        {
            var page = await index.SearchAsync(query, default);
            Assert.InRange(page.Records.Count, page.HasMore ? 1 : 0, query.Limit);
            sequences.AddRange(page.Records.Select(record => record.Sequence));
            if (!page.HasMore)
                return sequences;
            query = query with { After = new Place(page.Records[^1].Event, page.Records[^1].Sequence) };
        }
    }

    private protected static IndexRecord Record(long sequence, string? data = null, int seconds = 0)
    {
        var canonical = CanonicalJson.Of(Encoding.UTF8.GetBytes(data ?? $$"""{"n":{{sequence}}}"""));
        var reader = CanonicalJson.Open(canonical);
        reader.Read();
        var words = new Words();
        words.Add(ref reader);
        return new IndexRecord
        {
            Sequence = sequence,
            Id = $"r-{sequence}",
            Producer = "api",
            At = "2026-02-01T00:00:00.000Z",
            Event = Micros(seconds),
            Data = canonical,
            Hash = Hash.Leaf(canonical),
            Words = words.Take(),
        };
    }

    private protected static long Micros(int seconds) => EventTime.Of(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddSeconds(seconds));
}
