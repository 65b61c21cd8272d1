using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace HaCluster.Ledger.Indexing.OpenSearch;

/// <summary>
/// Writes documents with <c>_bulk</c>, whose answer has a status for each: those that are there are done with, those that OpenSearch cannot take now are tried again alone, and
/// those that it never takes are named (https://docs.opensearch.org/latest/api-reference/document-apis/bulk/).
/// </summary>
internal sealed class Bulk(OpenSearchClient client)
{
    // Faults of the document itself. A 400 of another type, such as that of too many shards, is one of the cluster, and would make dead letters of everything.
    private static readonly ImmutableHashSet<string> FaultsOfDocuments =
        ["mapper_parsing_exception", "document_parsing_exception", "strict_dynamic_mapping_exception", "illegal_argument_exception"];

    /// <returns>The documents that OpenSearch refuses for good, and why.</returns>
    /// <exception cref="IndexUnavailableException">Some may be there and some not; sending all again is right.</exception>
    public async Task<IReadOnlyList<(BulkItem Item, string Reason)>> SendAsync(IReadOnlyList<BulkItem> items, string query, CancellationToken cancellationToken)
    {
        var refused = new List<(BulkItem, string)>();
        foreach (var request in Split(items))
            await SendAsync(request, query, refused, cancellationToken);
        return refused;
    }

    private IEnumerable<IReadOnlyList<BulkItem>> Split(IReadOnlyList<BulkItem> items)
    {
        var (part, size) = (new List<BulkItem>(), 0L);
        foreach (var item in items)
        {
            if (part.Count > 0 && size + item.Size > client.Options.LargestBulk)
            {
                yield return part;
                (part, size) = ([], 0);
            }

            part.Add(item);
            size += item.Size;
        }

        if (part.Count > 0)
            yield return part;
    }

    private async Task SendAsync(IReadOnlyList<BulkItem> items, string query, List<(BulkItem, string)> refused, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(64 << 10);
        for (var number = 1; ; number++)
        {
            body.Clear();
            foreach (var item in items)
                item.Write(body);
            var trouble = "";
            try
            {
                var answer = await client.TrySendAsync(HttpMethod.Post, $"/_bulk{query}", body.WrittenMemory, cancellationToken);
                if (answer.Status == System.Net.HttpStatusCode.RequestEntityTooLarge)
                {
                    await SendHalvesAsync(items, query, refused, cancellationToken);
                    return;
                }

                if (answer.IsSuccess)
                    (items, trouble) = Sort(items, answer, refused);
                else if (answer.IsToBeRepeated && number < client.Options.Tries)
                    trouble = answer.Reason;
                else
                    throw client.Unavailable(answer);
            }
            catch (IndexUnavailableException exception) when (number < client.Options.Tries)
            {
                trouble = exception.Message;
            }

            if (items.Count == 0)
                return;
            if (number >= client.Options.Tries)
                throw new IndexUnavailableException($"{client.Address} does not take {items.Count} documents:{trouble}");
            await client.WaitAsync(number, cancellationToken);
        }
    }

    private async Task SendHalvesAsync(IReadOnlyList<BulkItem> items, string query, List<(BulkItem, string)> refused, CancellationToken cancellationToken)
    {
        if (items.Count == 1)
        {
            refused.Add((items[0], "request_entity_too_large: the document is larger than OpenSearch takes"));
            return;
        }

        await SendAsync([.. items.Take(items.Count / 2)], query, refused, cancellationToken);
        await SendAsync([.. items.Skip(items.Count / 2)], query, refused, cancellationToken);
    }

    /// <returns>What is to be sent again, and why.</returns>
    private static (IReadOnlyList<BulkItem> Items, string Trouble) Sort(IReadOnlyList<BulkItem> items, Answer answer, List<(BulkItem, string)> refused)
    {
        var json = answer.Json();
        if (!json.TryGetProperty("items", out var results) || results.ValueKind != JsonValueKind.Array || results.GetArrayLength() != items.Count)
            throw new IndexUnavailableException($"the answer to {answer.Request} does not have a result for each document");
        var (again, trouble) = (new List<BulkItem>(), "");
        foreach (var (item, result) in items.Zip(results.EnumerateArray()))
        {
            var of = result.EnumerateObject().First().Value;
            var status = of.GetProperty("status").GetInt32();
            var (type, reason) = Error(of);
            if (of.GetProperty("_id").GetString() != item.Id)
                throw new IndexUnavailableException($"the answer to {answer.Request} is in another order than the documents");
            // 409: it is there, from a request whose answer was lost, or from another instance. 404: what was to be deleted is not there.
            if (status is (>= 200 and < 300) or 409 || (status == 404 && item.Action == BulkAction.Delete))
                continue;
            if (status == 400 && FaultsOfDocuments.Contains(type))
                refused.Add((item, reason.Length > 0 ? $"{type}: {reason}" : type));
            else
                again.Add(item);
            trouble = $" {status} {type}";
        }

        return (again, trouble);
    }

    private static (string Type, string Reason) Error(JsonElement result)
    {
        if (!result.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
            return ("", "");
        var reason = Text(error, "reason");
        if (error.TryGetProperty("caused_by", out var cause) && cause.ValueKind == JsonValueKind.Object)
            reason = $"{reason}; {Text(cause, "reason")}";
        return (Text(error, "type"), reason.Length > 500 ? reason[..500] : reason);
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : "";
}

internal enum BulkAction
{
    /// <summary>Leaves a document of the same id as it is.</summary>
    Create,

    /// <summary>Takes the place of a document of the same id.</summary>
    Index,

    Delete,
}

/// <summary>One document of a bulk request.</summary>
/// <param name="Sequence">Of the record that it is about.</param>
/// <param name="Version">That it must have, of a document to be deleted: sequence number and primary term.</param>
internal sealed record BulkItem(BulkAction Action, string Index, string Id, long Sequence, ReadOnlyMemory<byte> Document, (long Number, long Term)? Version = null)
{
    public int Size => Document.Length + 200;

    public void Write(ArrayBufferWriter<byte> body)
    {
        using (var writer = new Utf8JsonWriter(body, RecordText.Json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(Action switch { BulkAction.Create => "create", BulkAction.Index => "index", _ => "delete" });
            writer.WriteString("_index", Index);
            writer.WriteString("_id", Id);
            if (Version is var (number, term))
            {
                writer.WriteNumber("if_seq_no", number);
                writer.WriteNumber("if_primary_term", term);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        body.Write("\n"u8);
        if (Action == BulkAction.Delete)
            return;
        body.Write(Document.Span);
        body.Write("\n"u8);
    }
}
