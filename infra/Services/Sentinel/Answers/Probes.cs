using System.Text.Json;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Watching;

namespace HaCluster.Sentinel.Answers;

/// <summary>Answers from the last measurement; a probe never waits for the node.</summary>
internal sealed class Probes(SentinelOptions options, Watch watch, SentinelMetrics metrics)
{
    private const string Json = "application/json; charset=utf-8";
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";

    public Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/ready" or "/live" or "/metrics" when !HttpMethods.IsGet(context.Request.Method) => Refuse(context, StatusCodes.Status405MethodNotAllowed),
        "/ready" => WriteVerdictAsync(context, ReadyDecision.Of),
        "/live" => LiveAsync(context),
        "/metrics" => MetricsAsync(context),
        _ => Refuse(context, StatusCodes.Status404NotFound),
    };

    private Task LiveAsync(HttpContext context) => context.Request.Query["of"].ToString() switch
    {
        "" when !context.Request.Query.ContainsKey("of") => WriteVerdictAsync(context, LiveDecision.Of),
        "execution" => WriteVerdictAsync(context, LiveDecision.OfExecution),
        "consensus" when options.Consensus is not null => WriteVerdictAsync(context, LiveDecision.OfConsensus),
        _ => Refuse(context, StatusCodes.Status400BadRequest),
    };

    private Task WriteVerdictAsync(HttpContext context, Func<Snapshot, Verdict> decide)
    {
        var at = watch.Take();
        var verdict = decide(at);
        var response = context.Response;
        response.StatusCode = verdict.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.ContentType = Json;
        response.Headers.CacheControl = "no-store";
        return JsonSerializer.SerializeAsync(
            response.Body, StatusDocument.Of(verdict, at, options, watch.Observed), StatusJson.Default.StatusDocument, context.RequestAborted);
    }

    private async Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = Text;
        await metrics.WriteAsync(context.Response.Body, context.RequestAborted);
    }

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status405MethodNotAllowed)
            context.Response.Headers.Allow = HttpMethods.Get;
        return Task.CompletedTask;
    }
}
