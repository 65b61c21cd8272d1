using System.Text.Json.Nodes;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Indexing.OpenSearch;

namespace HaCluster.Ledger.Tests.Indexing;

public sealed class OpenSearchIndexTests : IndexSuite
{
    private static readonly OpenSearchOptions Hasty = new() { RetryEvery = TimeSpan.FromMilliseconds(1), Timeout = Waiting.Limit };

    private LoopbackOpenSearch _server = null!;

    public override async Task InitializeAsync() => _server = await LoopbackOpenSearch.StartAsync();

    public override async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(429, "es_rejected_execution_exception")]
    [InlineData(503, "unavailable_shards_exception")]
    [InlineData(403, "cluster_block_exception")]
    [InlineData(400, "validation_exception")]
    public async Task Documents_that_cannot_be_taken_now_are_sent_again_alone(int status, string type)
    {
        await using var index = await OpenAsync();
        var refused = new HashSet<long>();
        // Every third document, once.
        _server.Fault = (_, document) => document["sequence"]!.GetValue<long>() is var sequence && sequence % 3 == 0 && refused.Add(sequence) ? (status, type) : null;
        Assert.Equal(new Added(10, 0), await index.AddAsync("payments", Records(10), default));
        Assert.Equal(10, _server.Documents("ledger.payments.*").Count);
        Assert.Equal(2, _server.Requests.Count(request => request == "POST /_bulk"));
    }

    [Fact]
    public async Task A_record_is_not_passed_over_because_it_was_never_taken()
    {
        await using var index = await OpenAsync();
        _server.Fault = (_, document) => document["sequence"]!.GetValue<long>() == 5 ? (503, "unavailable_shards_exception") : null;
        await Assert.ThrowsAsync<IndexUnavailableException>(() => index.AddAsync("payments", Records(10), default));
        Assert.Equal(0, await index.PositionAsync("payments", default));
        _server.Fault = (_, _) => null;
        Assert.Equal(new Added(10, 0), await index.AddAsync("payments", Records(10), default));
        Assert.Equal(10, _server.Documents("ledger.payments.*").Count);
    }

    [Fact]
    public async Task Lost_answers_and_a_busy_or_red_cluster_neither_lose_nor_double()
    {
        await using var index = await OpenAsync();
        await index.PositionAsync("payments", default);
        (_server.LostAnswers, _server.Busy, _server.Red) = (2, 2, 1);
        Assert.Equal(new Added(10, 0), await index.AddAsync("payments", Records(10), default));
        Assert.Equal(Enumerable.Range(1, 10).Select(number => (long)number), await SequencesAsync(index, new RecordQuery("payments")));
        Assert.Equal((0, 0, 0), (_server.LostAnswers, _server.Busy, _server.Red));
    }

    [Fact]
    public async Task What_is_refused_for_good_is_a_dead_letter_until_it_is_replayed()
    {
        await using var index = await OpenAsync();
        _server.Fault = (name, document) => name.StartsWith("ledger.payments.", StringComparison.Ordinal) && document["sequence"]!.GetValue<long>() is 3 or 7 ? (400, "mapper_parsing_exception") : null;
        Assert.Equal(new Added(10, 2), await index.AddAsync("payments", Records(10), default));
        Assert.Equal(8, (await SequencesAsync(index, new RecordQuery("payments"))).Count);
        var page = await index.DeadLettersAsync("payments", 0, 1, default);
        Assert.Equal((3, "r-3", 2), (Assert.Single(page.Letters).Sequence, page.Letters[0].Id, page.Total));
        Assert.StartsWith("mapper_parsing_exception: ", page.Letters[0].Reason, StringComparison.Ordinal);
        Assert.Equal([7], (await index.DeadLettersAsync("payments", 3, 10, default)).Letters.Select(letter => letter.Sequence));
        Assert.Equal(0, (await index.DeadLettersAsync("other", 0, 10, default)).Total);

        Assert.Equal(2, await index.ReplayAsync("payments", [Record(3), Record(7)], default));
        _server.Fault = (_, document) => document["sequence"]!.GetValue<long>() == 7 ? (400, "mapper_parsing_exception") : null;
        Assert.Equal(1, await index.ReplayAsync("payments", [Record(3), Record(7)], default));
        Assert.Equal([7], (await index.DeadLettersAsync("payments", 0, 10, default)).Letters.Select(letter => letter.Sequence));
        Assert.Equal(9, (await SequencesAsync(index, new RecordQuery("payments"))).Count);
    }

    [Fact]
    public async Task Dead_letters_that_cannot_be_kept_hold_the_position_back()
    {
        await using var index = await OpenAsync();
        _server.Fault = (_, _) => (400, "mapper_parsing_exception");
        await Assert.ThrowsAsync<IndexUnavailableException>(() => index.AddAsync("payments", Records(2), default));
        Assert.Equal(0, await index.PositionAsync("payments", default));
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_sent_in_parts_and_a_record_that_is_too_large_is_a_dead_letter()
    {
        await using var index = await OpenAsync();
        await index.PositionAsync("payments", default);
        _server.LargestBody = 3000;
        IndexRecord[] records = [.. Records(9), Record(10, $$"""{"text":"{{new string('x', 5000)}}"}""")];
        Assert.Equal(new Added(10, 1), await index.AddAsync("payments", records, default));
        Assert.Equal(9, (await SequencesAsync(index, new RecordQuery("payments"))).Count);
        Assert.StartsWith("request_entity_too_large", (await index.DeadLettersAsync("payments", 0, 10, default)).Letters.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_instances_share_the_work_and_the_position_never_goes_back()
    {
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        await one.AddAsync("payments", Records(10), default);
        var before = _server.Requests.Count(request => request == "POST /_bulk");
        // Somebody else has done it: nothing is sent.
        Assert.Equal(new Added(10, 0), await other.AddAsync("payments", Records(5), default));
        Assert.Equal(before, _server.Requests.Count(request => request == "POST /_bulk"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async number => await (number % 2 == 0 ? one : other).AddAsync("payments", Records(20 + number), default)));
        Assert.Equal(27, await one.PositionAsync("payments", default));
        Assert.Equal(27, _server.Documents("ledger.payments.*").Count);
    }

    [Fact]
    public async Task An_answer_of_some_shards_is_none()
    {
        await using var index = await OpenAsync();
        await index.AddAsync("payments", Records(3), default);
        _server.IsPartial = true;
        await Assert.ThrowsAsync<IndexUnavailableException>(() => index.SearchAsync(new RecordQuery("payments"), default));
    }

    [Fact]
    public async Task The_template_keeps_fields_from_exploding_and_a_newer_one_of_the_operator_stays()
    {
        await using (var index = await OpenAsync())
            await index.PositionAsync("payments", default);
        Assert.Equal(1, _server.VersionOf("ledger"));
        _server.Change("ledger", 7);
        await using (var again = await OpenAsync())
            await again.AddAsync("payments", Records(1), default);
        Assert.Equal(7, _server.VersionOf("ledger"));
    }

    [Fact]
    public async Task A_rebuild_restores_what_was_changed_and_takes_away_what_was_forged()
    {
        await using var index = await OpenAsync();
        await index.AddAsync("payments", Records(5), default);
        var (name, id, document) = _server.Documents("ledger.payments.*").First(one => one.Document["sequence"]!.GetValue<long>() == 2);
        var changed = document.DeepClone().AsObject();
        changed["data"] = new JsonObject { ["n"] = 99 };
        _server.Forge(name, id, changed);
        _server.Forge(name, "forged", changed.DeepClone().AsObject());
        await using (var build = await index.RebuildAsync("payments", default))
        {
            await build.AddAsync(Records(5), default);
            Assert.Equal(5, await build.FinishAsync(default));
        }

        Assert.Equal(Enumerable.Range(1, 5).Select(number => $$"""{"n":{{number}}}"""), _server.Documents("ledger.payments.*").OrderBy(one => one.Document["sequence"]!.GetValue<long>()).Select(one => one.Document["data"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_record_goes_into_the_month_in_which_it_happened_and_a_wrong_clock_makes_no_further_months()
    {
        await using var index = await OpenAsync();
        IndexRecord At(long sequence, int year) => Record(sequence) with { Event = EventTime.Of(new DateTimeOffset(year, 3, 1, 0, 0, 0, TimeSpan.Zero)) };
        await index.AddAsync("payments", [Record(1), At(2, 2025), At(3, 1), At(4, 1700), At(5, 2026), At(6, 9999)], default);
        Assert.Equal(
            ["ledger.payments.2024-02", "ledger.payments.2025-03", "ledger.payments.2026-01", "ledger.payments.2026-03"],
            _server.Documents("ledger.payments.*").Select(one => one.Index).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal([3, 4, 2, 1, 5, 6], await SequencesAsync(index, new RecordQuery("payments")));
    }

    [Fact]
    public async Task Nothing_of_a_record_is_in_the_message_of_a_fault()
    {
        await using var index = await OpenAsync();
        _server.Fault = (_, _) => (500, "internal_error");
        var fault = await Assert.ThrowsAsync<IndexUnavailableException>(() => index.AddAsync("payments", [Record(1, """{"iban":"DE89"}""")], default));
        Assert.DoesNotContain("DE89", fault.Message, StringComparison.Ordinal);
        Assert.Contains("500 internal_error", fault.Message, StringComparison.Ordinal);
    }

    private static IndexRecord[] Records(int count) => [.. Enumerable.Range(1, count).Select(number => Record(number))];

    private protected override Task<IIndex> OpenAsync() => Task.FromResult<IIndex>(new OpenSearchIndex(new OpenSearchClient(_server.Address, Hasty, TimeProvider.System, signer: null), TimeProvider.System));
}
