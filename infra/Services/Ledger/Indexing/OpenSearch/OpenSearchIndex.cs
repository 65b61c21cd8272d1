using System.Buffers;
using System.Text.Json;
using HaCluster.Services;

namespace HaCluster.Ledger.Indexing.OpenSearch;

/// <summary>
/// The index in OpenSearch, which all instances of the service share: an index for each stream and month, documents whose ids follow from the record, and a document with the
/// position of each stream that is written under a condition. Two instances that index the same records write the same documents.
/// </summary>
internal sealed class OpenSearchIndex : IIndex
{
    private readonly OpenSearchClient _client;
    private readonly TimeProvider _clock;
    private readonly IFaultPoints _faults;
    private readonly Bulk _bulk;
    private readonly SemaphoreSlim _preparing = new(1);
    private bool _isPrepared;

    public OpenSearchIndex(OpenSearchClient client, TimeProvider clock, IFaultPoints? faults = null) =>
        (_client, _clock, _faults, _bulk) = (client, clock, faults ?? NoFaults.Instance, new Bulk(client));

    public string Address => _client.Address.ToString();

    public async Task<long> PositionAsync(string stream, CancellationToken cancellationToken) => (await ReadPositionAsync(stream, cancellationToken)).Position;

    public async Task<Added> AddAsync(string stream, IReadOnlyList<IndexRecord> records, CancellationToken cancellationToken)
    {
        // Another instance may have done it.
        var present = await ReadPositionAsync(stream, cancellationToken);
        var missing = records.Where(record => record.Sequence > present.Position).ToArray();
        if (missing.Length == 0)
            return new Added(present.Position, Refused: 0);
        var refused = await WriteAsync(stream, missing, BulkAction.Create, generation: 0, cancellationToken);
        _faults.Reach(IndexFaultPoint.RecordsWritten);
        var position = await MoveAsync(stream, present, missing[^1].Sequence, cancellationToken);
        _faults.Reach(IndexFaultPoint.PositionWritten);
        return new Added(position, refused);
    }

    public async Task<RecordPage> SearchAsync(RecordQuery query, CancellationToken cancellationToken)
    {
        // First how large they are: a page of records of 1 MiB each must not come all at once.
        var sizes = await FindAsync(query, query.Limit + 1, ["size"], cancellationToken);
        var (count, size) = (0, 0L);
        while (count < Math.Min(sizes.Count, query.Limit) && (count == 0 || size < RecordQuery.LargestPage))
            size += sizes[count++].GetProperty("_source").TryGetProperty("size", out var one) ? one.GetInt64() : 0;
        if (count == 0)
            return RecordPage.Empty;
        var hits = await FindAsync(query, count, OpenSearchDocuments.Fields, cancellationToken);
        return new RecordPage([.. hits.Select(hit => OpenSearchDocuments.Read(hit.GetProperty("_source")))], HasMore: sizes.Count > count);
    }

    public async Task<DeadLetterPage> DeadLettersAsync(string stream, long after, int limit, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        var answer = await MultiSearchAsync(
            OpenSearchNames.DeadLetters,
            writer =>
            {
                writer.WriteNumber("size", limit);
                writer.WriteBoolean("track_total_hits", true);
                OpenSearchQueries.WriteFilter(writer, filter => OpenSearchQueries.WriteTerm(filter, "stream", stream));
                OpenSearchQueries.WriteSort(writer, "sequence");
                writer.WriteStartArray("search_after");
                writer.WriteNumberValue(after);
                writer.WriteEndArray();
            },
            cancellationToken);
        var hits = answer.GetProperty("hits");
        return new DeadLetterPage(
            [.. hits.GetProperty("hits").EnumerateArray().Select(hit => OpenSearchDocuments.ReadLetter(hit.GetProperty("_source")))],
            hits.GetProperty("total").GetProperty("value").GetInt64());
    }

    public async Task<int> ReplayAsync(string stream, IReadOnlyList<IndexRecord> records, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        var refused = await _bulk.SendAsync([.. records.Select(record => OpenSearchDocuments.Of(BulkAction.Create, stream, record, generation: 0))], "", cancellationToken);
        var still = refused.Select(one => one.Item.Sequence).ToHashSet();
        BulkItem[] accepted =
        [
            .. records.Where(record => !still.Contains(record.Sequence))
                .Select(record => new BulkItem(BulkAction.Delete, OpenSearchNames.DeadLetters, OpenSearchNames.IdOf(stream, record.Sequence), record.Sequence, default)),
        ];
        if (accepted.Length > 0)
            await _bulk.SendAsync(accepted, "?refresh=true", cancellationToken);
        return refused.Count;
    }

    public async Task<IIndexBuild> RebuildAsync(string stream, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        return new OpenSearchBuild(this, stream, _clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _preparing.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <returns>How many are dead letters now.</returns>
    internal async Task<int> WriteAsync(string stream, IReadOnlyList<IndexRecord> records, BulkAction action, long generation, CancellationToken cancellationToken)
    {
        var refused = await _bulk.SendAsync([.. records.Select(record => OpenSearchDocuments.Of(action, stream, record, generation))], "", cancellationToken);
        if (refused.Count == 0)
            return 0;
        // Kept before the position moves: a killed process does this again.
        var bySequence = records.ToDictionary(record => record.Sequence);
        var now = _clock.GetUtcNow();
        var lost = await _bulk.SendAsync(
            [.. refused.Select(one => OpenSearchDocuments.Of(stream, bySequence[one.Item.Sequence], one.Reason, now))], "?refresh=true", cancellationToken);
        return lost.Count == 0 ? refused.Count : throw new IndexUnavailableException($"{Address} refuses dead letters: {lost[0].Reason}");
    }

    internal async Task<StoredPosition> ReadPositionAsync(string stream, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        var answer = await _client.SendAsync(HttpMethod.Get, $"/{OpenSearchNames.Positions}/_doc/{stream}", default, cancellationToken);
        if (answer.Status == System.Net.HttpStatusCode.NotFound && !answer.Reason.Contains("index_not_found", StringComparison.Ordinal))
            return new StoredPosition(0, null);
        if (!answer.IsSuccess)
        {
            // Somebody has deleted the index of positions, and it is to be made with its mapping.
            _isPrepared = false;
            throw _client.Unavailable(answer);
        }

        var json = answer.Json();
        return new StoredPosition(json.GetProperty("_source").GetProperty("position").GetInt64(), (json.GetProperty("_seq_no").GetInt64(), json.GetProperty("_primary_term").GetInt64()));
    }

    /// <summary>Moves the position forward, never back.</summary>
    /// <returns>Where it is.</returns>
    internal async Task<long> MoveAsync(string stream, StoredPosition present, long position, CancellationToken cancellationToken)
    {
        while (present.Position < position)
        {
            var condition = present.Version is var (number, term) ? $"if_seq_no={number}&if_primary_term={term}" : "op_type=create";
            var answer = await _client.SendAsync(
                HttpMethod.Put, $"/{OpenSearchNames.Positions}/_doc/{stream}?{condition}", OpenSearchDocuments.Write(writer => writer.WriteNumber("position", position)), cancellationToken);
            if (answer.IsSuccess)
                return position;
            if (answer.Status != System.Net.HttpStatusCode.Conflict)
                throw _client.Unavailable(answer);
            // Another instance has moved it, or this one without an answer that arrived.
            present = await ReadPositionAsync(stream, cancellationToken);
        }

        return present.Position;
    }

    internal Task<IReadOnlyList<JsonElement>> FindOlderAsync(string stream, long upTo, long generation, int limit, CancellationToken cancellationToken) => HitsAsync(
        OpenSearchNames.AllOf(stream),
        writer =>
        {
            writer.WriteNumber("size", limit);
            writer.WriteBoolean("_source", false);
            writer.WriteBoolean("seq_no_primary_term", true);
            OpenSearchQueries.WriteFilter(writer, filter =>
            {
                OpenSearchQueries.WriteTerm(filter, "stream", stream);
                OpenSearchQueries.WriteRange(filter, "sequence", ("lte", upTo));
                OpenSearchQueries.WriteRange(filter, "generation", ("lt", generation));
            });
        },
        cancellationToken);

    internal Task<IReadOnlyList<(BulkItem Item, string Reason)>> SendAsync(IReadOnlyList<BulkItem> items, CancellationToken cancellationToken) => _bulk.SendAsync(items, "", cancellationToken);

    internal async Task RefreshAsync(string index, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(HttpMethod.Post, $"/{index}/_refresh", default, cancellationToken);
        if (!answer.IsSuccess)
            throw _client.Unavailable(answer);
    }

    private Task<IReadOnlyList<JsonElement>> FindAsync(RecordQuery query, int count, string[] fields, CancellationToken cancellationToken) => HitsAsync(
        OpenSearchNames.AllOf(query.Stream),
        writer =>
        {
            writer.WriteNumber("size", count);
            writer.WriteBoolean("track_total_hits", false);
            writer.WriteStartArray("_source");
            foreach (var field in fields)
                writer.WriteStringValue(field);
            writer.WriteEndArray();
            OpenSearchQueries.WriteFilter(writer, filter =>
            {
                OpenSearchQueries.WriteTerm(filter, "stream", query.Stream);
                if (query.Id is not null)
                    OpenSearchQueries.WriteTerm(filter, "id", query.Id);
                if (query.From is not null || query.To is not null)
                    OpenSearchQueries.WriteRange(filter, "event", ("gte", query.From), ("lt", query.To));
                foreach (var word in query.Words)
                    OpenSearchQueries.WriteTerm(filter, "words", word);
            });
            OpenSearchQueries.WriteSort(writer, "event", "sequence");
            if (query.After is not { } after)
                return;
            writer.WriteStartArray("search_after");
            writer.WriteNumberValue(after.Event);
            writer.WriteNumberValue(after.Sequence);
            writer.WriteEndArray();
        },
        cancellationToken);

    private async Task<IReadOnlyList<JsonElement>> HitsAsync(string index, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        return [.. (await MultiSearchAsync(index, write, cancellationToken)).GetProperty("hits").GetProperty("hits").EnumerateArray()];
    }

    /// <summary>The name of the index is in the body: in a path, its asterisk would be escaped by some and not by others, and the signature be wrong.</summary>
    private async Task<JsonElement> MultiSearchAsync(string index, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write(OpenSearchDocuments.Write(writer =>
        {
            writer.WriteString("index", index);
            writer.WriteBoolean("ignore_unavailable", true);
            writer.WriteBoolean("allow_no_indices", true);
            writer.WriteBoolean("allow_partial_search_results", false);
        }));
        body.Write("\n"u8);
        body.Write(OpenSearchDocuments.Write(write));
        body.Write("\n"u8);
        var answer = await _client.SendAsync(HttpMethod.Post, "/_msearch", body.WrittenMemory, cancellationToken, tries: 2);
        if (!answer.IsSuccess)
            throw _client.Unavailable(answer);
        var json = answer.Json();
        if (!json.TryGetProperty("responses", out var responses) || responses.GetArrayLength() != 1)
            throw new IndexUnavailableException($"{Address} does not answer the search");
        var response = responses[0];
        // An answer of some of the shards would look like a whole one.
        if (response.TryGetProperty("error", out var error))
            throw new IndexUnavailableException($"{Address} refuses the search: {(error.TryGetProperty("type", out var type) ? type.ToString() : "without a reason")}");
        return response.TryGetProperty("timed_out", out var timedOut) && timedOut.ValueKind == JsonValueKind.True
            || (response.TryGetProperty("_shards", out var shards) && shards.TryGetProperty("failed", out var failed) && failed.GetInt32() > 0)
            ? throw new IndexUnavailableException($"{Address} answers the search in part only")
            : response;
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_isPrepared)
            return;
        await _preparing.WaitAsync(cancellationToken);
        try
        {
            if (!_isPrepared)
                await OpenSearchTemplate.EnsureAsync(_client, cancellationToken);
            _isPrepared = true;
        }
        finally
        {
            _preparing.Release();
        }
    }
}

/// <param name="Version">Of the document: sequence number and primary term; null: there is none.</param>
internal readonly record struct StoredPosition(long Position, (long Number, long Term)? Version);
