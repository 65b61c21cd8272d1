using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.World.Monitoring;

/// <summary>The metrics of a ledger (infra/Services/Ledger) that is well: one stream, to which a record comes every virtual second. It stores none.</summary>
internal static class LedgerStandIn
{
    private const int Hour = 3600, Day = 24 * Hour, Before = 1_000_000;

    /// <returns>The first port of the container; null when it has none.</returns>
    public static string? PortOf(JsonElement containers)
    {
        foreach (var container in containers.EnumerateArray())
        {
            if (container.TryGetProperty("ports", out var ports) && ports is { ValueKind: JsonValueKind.Array } && ports.GetArrayLength() > 0 && ports[0].TryGetProperty("containerPort", out var port))
                return port.ToString();
        }

        return null;
    }

    public static async Task HandleAsync(HttpContext context, World world)
    {
        if (context.Request.Path != "/metrics")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var (seconds, now) = ((long)world.Act(run => run.Now).TotalSeconds, world.Clock.Time.GetUtcNow());
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(
            $"""
            # answered by a stand-in of the local twin
            ledger_build_info{"{version=\"twin\"}"} 1
            {Line("stream_records", Before + seconds)}
            {Line("stream_signed_records", Before + seconds - seconds % Hour)}
            {Line("checkpoint_age_seconds", seconds % Hour)}
            {Line("index_lag_records", 0)}
            {Line("index_lag_seconds", 0)}
            {Line("dead_letters", 0)}
            {Line("archive_away", 0)}
            {Line("stream_broken", 0)}
            {Line("verify_failed", 0)}
            {Line("verified_records", Before + seconds - seconds % Day)}
            {Line("verified_timestamp_seconds", now.ToUnixTimeSeconds() - seconds % Day)}

            """,
            context.RequestAborted);
    }

    private static string Line(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"ledger_{name}{{stream=\"payments\"}} {value}");
}
