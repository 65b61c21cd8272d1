using System.Text.Json;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Verification;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Reading;

/// <summary><c>POST</c> and <c>GET /v1/streams/NAME/verification</c>: asks the service to verify a stream now, and how it goes. Whoever may read the stream may.</summary>
internal sealed class VerificationPages(RequestedVerifications verifications, StreamLogs logs, AuditTrail audit)
{
    public Task RequestAsync(Exchange exchange) => AnswerAsync(exchange, async () =>
    {
        await audit.AddAsync(exchange, new AuditEntry("verify", exchange.Name));
        await WriteAsync(exchange, StatusCodes.Status202Accepted, verifications.Request(exchange.Name));
    });

    public Task ShowAsync(Exchange exchange) => AnswerAsync(exchange, () => verifications.Find(exchange.Name) is { } run
        ? WriteAsync(exchange, StatusCodes.Status200OK, run)
        : Problems.NotFoundAsync(exchange.Context, "no verification of the stream was asked for since this instance started"));

    private async Task AnswerAsync(Exchange exchange, Func<Task> answer)
    {
        var stream = exchange.Name;
        if (!exchange.Producer.MayRead(stream))
            await Problems.WriteAsync(exchange.Context, StatusCodes.Status403Forbidden, "wrong-stream", "The stream may not be read", RecordQueries.MayNotRead(exchange.Producer, stream));
        else if (logs.Opened.All(log => log.View.Stream != stream))
            await Problems.WriteAsync(exchange.Context, StatusCodes.Status404NotFound, "unknown-stream", "There is no such stream", $"the ledger has no records of the stream {stream}");
        else
        {
            try
            {
                await answer();
            }
            catch (NotAuditedException exception)
            {
                await Problems.WriteAsync(exchange.Context, StatusCodes.Status503ServiceUnavailable, "unavailable", "Nothing was begun; ask again", exception.Message);
            }
        }
    }

    private static async Task WriteAsync(Exchange exchange, int status, VerificationRun run)
    {
        exchange.Response.StatusCode = status;
        exchange.Response.ContentType = "application/json";
        exchange.Response.Headers.CacheControl = "no-store";
        await using var writer = new Utf8JsonWriter(exchange.Response.BodyWriter, RecordText.Json);
        writer.WriteStartObject();
        writer.WriteString("stream", run.Stream);
        writer.WriteString("state", run.State.ToString().ToLowerInvariant());
        writer.WriteNumber("records", run.Records);
        writer.WriteString("requestedAt", Entry.Format(run.RequestedAt));
        if (run.EndedAt is { } end)
            writer.WriteString("endedAt", Entry.Format(end));
        if (run.Finding is { } finding)
        {
            writer.WriteStartObject("finding");
            writer.WriteString("breach", Report.NameOf(finding.Breach));
            if (finding.Sequence > 0)
                writer.WriteNumber("sequence", finding.Sequence);
            writer.WriteString("object", finding.Name);
            writer.WriteString("message", finding.Message);
            writer.WriteEndObject();
        }

        if (run.Problem is { } problem)
            writer.WriteString("problem", problem);
        writer.WriteEndObject();
        await writer.FlushAsync(exchange.Context.RequestAborted);
        await exchange.Response.BodyWriter.FlushAsync(exchange.Context.RequestAborted);
    }
}
