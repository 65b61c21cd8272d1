using System.Text.Encodings.Web;
using System.Text.Json;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Serving;

/// <summary>Problem documents (https://www.rfc-editor.org/rfc/rfc9457).</summary>
internal static class Problems
{
    private const string TypePrefix = "urn:hacluster:ledger:";

    /// <summary>Seconds after which an archive that is away is worth another try.</summary>
    public const string RetryAfter = "2";

    // Nobody puts it into a page: a plus sign may be one.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task NotFoundAsync(HttpContext context, string detail) => WriteAsync(context, StatusCodes.Status404NotFound, "not-found", "Not found", detail);

    public static Task UnavailableAsync(HttpContext context, string reason) => WriteAsync(
        context, StatusCodes.Status503ServiceUnavailable, "unavailable", "Records cannot be acknowledged now; send them again", reason);

    public static Task WriteAsync(HttpContext context, int status, string code, string title, string detail, IEnumerable<Conflict>? conflicts = null)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        if (status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = RetryAfter;
        var writer = new Utf8JsonWriter(response.BodyWriter, Readable);
        writer.WriteStartObject();
        writer.WriteString("type", TypePrefix + code);
        writer.WriteString("title", title);
        writer.WriteNumber("status", status);
        writer.WriteString("detail", detail);
        if (conflicts is not null)
        {
            writer.WriteStartArray("conflicts");
            foreach (var conflict in conflicts)
            {
                writer.WriteStartObject();
                writer.WriteNumber("index", conflict.Index);
                writer.WriteString("id", conflict.Id);
                if (conflict.Sequence is { } sequence)
                    writer.WriteNumber("sequence", sequence);
                writer.WriteString("detail", conflict.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
        return response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }
}
