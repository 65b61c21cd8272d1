using System.Text.Json;
using HaCluster.Ledger.Serving;
using HaCluster.Services;

namespace HaCluster.Ledger.Elastic;

/// <summary>Answers as shippers for Elasticsearch understand them.</summary>
internal static class ElasticAnswers
{
    /// <summary>Official clients refuse a server that does not send it: https://github.com/elastic/elasticsearch/pull/73434</summary>
    private const string ProductHeader = "X-Elastic-Product";

    public static Func<Exchange, Task> Marked(Func<Exchange, Task> answer) => exchange =>
    {
        exchange.Response.Headers[ProductHeader] = "Elasticsearch";
        return answer(exchange);
    };

    /// <summary>
    /// A fault of the whole request. What goes away by itself or by a change of settings is plain text on purpose: Debian's rsyslog 8.2302 looks at the body
    /// only, takes any JSON object without <c>items</c> for a final answer and gives the records up; at what is not JSON it tries again, as others do at the status.
    /// </summary>
    public static Task FaultAsync(HttpContext context, int status, string code, string title, string detail)
    {
        var response = context.Response;
        response.Headers[ProductHeader] = "Elasticsearch";
        if (status is not (StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity or StatusCodes.Status415UnsupportedMediaType))
        {
            response.StatusCode = status;
            response.ContentType = "text/plain; charset=utf-8";
            if (status == StatusCodes.Status503ServiceUnavailable)
                response.Headers.RetryAfter = ProblemDocument.RetryAfter;
            return response.WriteAsync($"{code}: {detail}\n", context.RequestAborted);
        }

        // Elasticsearch has no 422.
        response.StatusCode = StatusCodes.Status400BadRequest;
        response.ContentType = "application/json";
        var writer = new Utf8JsonWriter(response.BodyWriter);
        writer.WriteStartObject();
        WriteError(writer, response.StatusCode, $"{code}: {detail}");
        writer.WriteNumber("status", response.StatusCode);
        writer.WriteEndObject();
        writer.Flush();
        return response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }

    public static void WriteError(Utf8JsonWriter writer, int status, string reason)
    {
        writer.WriteStartObject("error");
        writer.WriteString("type", status switch
        {
            StatusCodes.Status409Conflict => "version_conflict_engine_exception",
            StatusCodes.Status403Forbidden => "security_exception",
            _ => "illegal_argument_exception",
        });
        writer.WriteString("reason", reason);
        writer.WriteEndObject();
    }
}
