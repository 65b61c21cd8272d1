using System.Text.Json;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Reading;

/// <summary>Who read what, as records of the ledger itself: chained and signed like all others, and stored before anything is answered.</summary>
internal sealed class AuditTrail(StreamLogs logs)
{
    private const string Producer = "ledger";

    /// <exception cref="NotAuditedException">It was not stored: nothing may be answered.</exception>
    public async Task AddAsync(Exchange exchange, AuditEntry entry)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("action", entry.Action);
            writer.WriteString("by", exchange.Producer.Name);
            if (exchange.Context.Connection.RemoteIpAddress is { } address)
                writer.WriteString("address", address.ToString());
            writer.WriteString("stream", entry.Stream);
            foreach (var (name, value) in new[] { ("from", entry.Question?.From), ("to", entry.Question?.To), ("q", entry.Question?.Text), ("id", entry.Question?.Query.Id), ("export", entry.Export) })
            {
                if (value is not null)
                    writer.WriteString(name, value);
            }

            if (entry.Records is { } records)
                writer.WriteNumber("records", records);
            if (entry.IsComplete is { } isComplete)
                writer.WriteBoolean("complete", isComplete);
            writer.WriteEndObject();
        }

        var record = PreparedRecord.Of(ReservedStreams.Audit, Producer, Guid.NewGuid().ToString("N"), null, null, CanonicalJson.Of(buffer.ToArray()));
        if (await logs.AppendAsync(ReservedStreams.Audit, [record]) is Outcome.Unavailable unavailable)
            throw new NotAuditedException(unavailable.Reason);
    }
}

/// <param name="Export">Ties the end of an export to its beginning.</param>
/// <param name="Records">How many were answered.</param>
/// <param name="IsComplete">Of an export that has ended: whether all of it was sent.</param>
internal sealed record AuditEntry(string Action, string Stream, Question? Question = null, string? Export = null, long? Records = null, bool? IsComplete = null);

/// <summary>A read could not be recorded, and so must not be answered.</summary>
internal sealed class NotAuditedException(string reason) : Exception($"the read cannot be recorded in the stream {ReservedStreams.Audit}: {reason}");
