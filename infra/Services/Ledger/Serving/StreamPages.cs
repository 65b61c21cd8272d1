using System.Text.Json;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Serving;

/// <summary>What is known of a stream, for its producers.</summary>
internal sealed class StreamPages(StreamLogs logs)
{
    public Task StreamAsync(Exchange exchange) => Find(exchange) is { } view
        ? WriteAsync(exchange, Document(view))
        : Problems.NotFoundAsync(exchange.Context, "there is no such stream");

    public Task CheckpointAsync(Exchange exchange) => Find(exchange) is not { } view ? Problems.NotFoundAsync(exchange.Context, "there is no such stream")
        : view.Checkpoint is not { } checkpoint ? Problems.NotFoundAsync(exchange.Context, "the stream has no checkpoint yet")
        : WriteAsync(exchange, checkpoint.ToBytes());

    /// <returns>Null also for a stream that is another producer's.</returns>
    private StreamView? Find(Exchange exchange) => exchange.Producer.MayUse(exchange.Name) || exchange.Producer.MayRead(exchange.Name) ? logs.Opened.FirstOrDefault(log => log.View.Stream == exchange.Name)?.View : null;

    private static async Task WriteAsync(Exchange exchange, byte[] json)
    {
        exchange.Response.ContentType = "application/json";
        await exchange.Response.BodyWriter.WriteAsync(json, exchange.Context.RequestAborted);
    }

    private static byte[] Document(StreamView view)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("stream", view.Stream);
            writer.WriteNumber("records", view.Size);
            writer.WriteNumber("signed", view.Checkpoint?.Checkpoint.Size ?? 0);
            writer.WriteString("head", view.Head);
            if (view.Size > 0)
                writer.WriteString("at", Entry.Format(view.At));
            writer.WriteStartArray("producers");
            foreach (var producer in view.Producers)
            {
                writer.WriteStartObject();
                writer.WriteString("name", producer.Producer);
                writer.WriteNumber("last", producer.Last);
                writer.WriteStartArray("missing");
                foreach (var gap in producer.Gaps)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("from", gap.From);
                    writer.WriteNumber("to", gap.To);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
