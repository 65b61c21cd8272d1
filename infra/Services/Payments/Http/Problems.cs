using System.Text.Encodings.Web;
using System.Text.Json;

namespace HaCluster.Payments.Http;

/// <summary>Problem documents (https://www.rfc-editor.org/rfc/rfc9457).</summary>
internal static class Problems
{
    private const string TypePrefix = "urn:hacluster:payments:";

    // Nobody puts it into a page: a plus sign may be one.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="transfer">That it is about, where a request has several.</param>
    public static Task WriteAsync(HttpContext context, int status, string code, string detail, string? transfer = null)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        if (status == StatusCodes.Status503ServiceUnavailable || code == "in-progress")
            response.Headers.RetryAfter = "2";
        if (status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        var writer = new Utf8JsonWriter(response.BodyWriter, Readable);
        writer.WriteStartObject();
        writer.WriteString("type", TypePrefix + code);
        writer.WriteString("title", Title(status));
        writer.WriteNumber("status", status);
        writer.WriteString("detail", detail);
        if (transfer is not null)
            writer.WriteString("transfer", transfer);
        writer.WriteEndObject();
        writer.Flush();
        return response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }

    private static string Title(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "A key is needed",
        StatusCodes.Status403Forbidden => "This is not allowed",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status405MethodNotAllowed => "The method is not allowed",
        StatusCodes.Status429TooManyRequests => "Too many requests",
        StatusCodes.Status409Conflict => "Conflict with the current state",
        StatusCodes.Status503ServiceUnavailable => "Service unavailable; repeat the request",
        _ => "Request refused; nothing was changed",
    };
}
