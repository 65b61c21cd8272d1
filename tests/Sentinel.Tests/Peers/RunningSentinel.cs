using System.Net;
using System.Text.Json;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Commands;
using HaCluster.Sentinel.Watching;
using Microsoft.AspNetCore.Builder;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>The program itself on a free port of loopback, asked as Kubernetes asks it.</summary>
internal sealed class RunningSentinel : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly WebApplication _app;
    private readonly Stopping _stopping;

    private RunningSentinel(WebApplication app, Stopping stopping, StringWriter log) => (_app, _stopping, Log) = (app, stopping, log);

    public StringWriter Log { get; }

    public Uri Url => new(_app.Urls.First());

    /// <param name="clock">Null: that of the system.</param>
    public static async Task<RunningSentinel> StartAsync(SentinelOptions options, TimeProvider? clock = null)
    {
        var (stopping, log) = (new Stopping(TimeProvider.System), new StringWriter());
        var app = Service.Create(options, clock ?? TimeProvider.System, stopping, log);
        await app.StartAsync();
        return new RunningSentinel(app, stopping, log);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(Url, path));
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public Task<string> MetricsAsync() => Http.GetStringAsync(new Uri(Url, "/metrics"));

    /// <summary>Waits until <c>/ready</c> (or another path) gives this reason: a verdict follows within the pace of the polls, however busy the machine is.</summary>
    public async Task<JsonElement> UntilAsync(string reason, string path = "/ready")
    {
        JsonElement body = default;
        await Waiting.UntilAsync(
            $"{path} says '{reason}'",
            async () =>
            {
                (_, body) = await GetAsync(path);
                return body.GetProperty("reason").GetString() == reason;
            },
            () => $"{body}\n{Log}");
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }
}
