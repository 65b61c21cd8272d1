using System.Text.Json;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Serving;

namespace HaCluster.Ledger.Elastic;

/// <summary>Reads the body of a bulk request (https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk): a line with an action, then one with its document.</summary>
/// <param name="index">That the path names, for actions without one; empty: it names none.</param>
/// <param name="readerFor">Reads documents for a stream.</param>
internal sealed class BulkReader(string index, int largestRecord, Func<string, RecordReader> readerFor)
{
    private readonly Dictionary<string, RecordReader> _readers = new(StringComparer.Ordinal);

    /// <returns>One for each action, in order; what cannot be stored has been refused.</returns>
    /// <exception cref="RejectedException">It is not such a body: nothing of it can be stored.</exception>
    public List<BulkItem> Read(ReadOnlySpan<byte> body)
    {
        var items = new List<BulkItem>();
        // Shippers that send no ids send a request again as it was: then the same ids are made for it.
        string? made = null;
        BulkItem? open = null;
        var number = 0;
        foreach (var range in body.Split((byte)'\n'))
        {
            number++;
            var line = body[range].TrimEnd((byte)'\r');
            // What is after the last line break is not a line.
            if (line.IsEmpty && range.Start.Value == body.Length)
                break;
            if (open is not null)
            {
                Take(open, line, number);
                open = null;
                continue;
            }

            if (line.IsEmpty)
                continue;
            if (items.Count >= Receiver.MostRecords)
                throw new RejectedException("too-many-records", $"a request takes at most {Receiver.MostRecords} actions", StatusCodes.Status413PayloadTooLarge);
            var (action, name, id) = ReadAction(line, number);
            var item = new BulkItem(action, name ?? index, id ?? $"bulk-{made ??= Hash.HexOf(body)[..32]}-{items.Count}");
            items.Add(item);
            open = action == "delete" ? null : item;
            if (action is "update" or "delete")
                item.Refuse(StatusCodes.Status400BadRequest, "unsupported-action", $"{action}: records of the ledger are never changed or deleted; use create");
        }

        if (open is not null)
            throw new RejectedException("invalid-bulk", $"the document of action {items.Count} is missing", StatusCodes.Status400BadRequest);
        return items.Count > 0 ? items : throw new RejectedException("empty", "there is no action in the request", StatusCodes.Status400BadRequest);
    }

    private void Take(BulkItem item, ReadOnlySpan<byte> document, int line)
    {
        // The document of an update.
        if (item.Reason is not null)
            return;
        try
        {
            if (item.Index.Length == 0)
                throw new RejectedException("unknown-stream", "_index is missing; it must be the name of the stream");
            if (document.Length > largestRecord)
                throw new RejectedException("too-large", $"a document has {document.Length} bytes; the limit is {largestRecord}");
            if (!_readers.TryGetValue(item.Index, out var reader))
                _readers.Add(item.Index, reader = readerFor(item.Index));
            item.Record = reader.ReadDocument(item.Id, document);
        }
        catch (RejectedException exception)
        {
            item.Refuse(exception.Status == StatusCodes.Status403Forbidden ? exception.Status : StatusCodes.Status400BadRequest, exception.Code, $"line {line}: {exception.Message}");
        }
    }

    private static (string Action, string? Index, string? Id) ReadAction(ReadOnlySpan<byte> line, int number)
    {
        try
        {
            var reader = CanonicalJson.Open(line);
            return CanonicalJson.Guard(ref reader, ReadAction);
        }
        catch (RejectedException exception)
        {
            // Which line is a document and which an action cannot be told any more.
            throw new RejectedException("invalid-bulk", $"line {number}: {exception.Message}", StatusCodes.Status400BadRequest);
        }
    }

    private static (string Action, string? Index, string? Id) ReadAction(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        Expect(ref reader, JsonTokenType.PropertyName);
        var action = reader.GetString()!;
        if (action is not ("create" or "index" or "update" or "delete"))
            throw new RejectedException("invalid-bulk", "an action must be create or index");
        Expect(ref reader, JsonTokenType.StartObject);
        string? index = null, id = null;
        for (CanonicalJson.Next(ref reader); reader.TokenType != JsonTokenType.EndObject; CanonicalJson.Next(ref reader))
        {
            var (isIndex, isId) = (reader.ValueTextEquals("_index"u8), reader.ValueTextEquals("_id"u8));
            CanonicalJson.Next(ref reader);
            if (isIndex && reader.TokenType == JsonTokenType.String)
                index = reader.GetString();
            else if (isId && reader.TokenType == JsonTokenType.String)
                id = reader.GetString();
            else
                reader.Skip();
        }

        Expect(ref reader, JsonTokenType.EndObject);
        return (action, index, id);
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        CanonicalJson.Next(ref reader);
        if (reader.TokenType != type)
            throw new RejectedException("invalid-bulk", "an action must look like {\"create\": {\"_index\": \"STREAM\", \"_id\": \"ID\"}}");
    }
}
