using System.Text.Encodings.Web;
using System.Text.Json;

namespace HaCluster.Services;

/// <summary>The answer to a request that was refused (https://www.rfc-editor.org/rfc/rfc9457).</summary>
internal static class ProblemDocument
{
    /// <summary>Seconds after which what is unavailable is worth another try.</summary>
    public const string RetryAfter = "2";

    // Nobody puts it into a page: a plus sign may be one.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="type">A URN.</param>
    /// <param name="writeMore">Adds members of its own.</param>
    public static Task WriteAsync(HttpContext context, int status, string type, string title, string detail, Action<Utf8JsonWriter>? writeMore = null)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        if (status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = RetryAfter;
        var writer = new Utf8JsonWriter(response.BodyWriter, Readable);
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteString("title", title);
        writer.WriteNumber("status", status);
        writer.WriteString("detail", detail);
        writeMore?.Invoke(writer);
        writer.WriteEndObject();
        writer.Flush();
        return response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }
}
