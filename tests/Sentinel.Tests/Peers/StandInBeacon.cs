using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>What a consensus client says, to be changed by a test.</summary>
internal sealed record BeaconState(long HeadSlot = 1000, long Distance = 0, bool IsSyncing = false, bool IsOptimistic = false, bool IsExecutionOffline = false, int Peers = 70);

/// <summary>
/// No consensus client, but the two answers of the beacon API that the sentinel asks lighthouse for
/// (https://ethereum.github.io/beacon-APIs/#/Node), as the test wants them: lighthouse is not in the package registries.
/// </summary>
internal sealed class StandInBeacon : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _end = new();

    private StandInBeacon(WebApplication app) => _app = app;

    public BeaconState State { get; set; } = new();

    /// <summary>It takes calls and does not answer them.</summary>
    public bool IsHanging { get; set; }

    public Uri Url => new(_app.Urls.First());

    public static async Task<StandInBeacon> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var beacon = new StandInBeacon(builder.Build());
        beacon._app.Run(beacon.AnswerAsync);
        await beacon._app.StartAsync();
        return beacon;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _app.DisposeAsync();
        _end.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (IsHanging)
            await Task.WhenAny(Task.Delay(Timeout.Infinite, context.RequestAborted), Task.Delay(Timeout.Infinite, _end.Token));
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(context.Request.Path.Value switch
        {
            "/eth/v1/node/syncing" => Syncing(State),
            "/eth/v1/node/peer_count" => string.Create(
                CultureInfo.InvariantCulture, $$$"""{"data":{"disconnected":"9","connecting":"0","connected":"{{{State.Peers}}}","disconnecting":"0"}}"""),
            var path => throw new InvalidOperationException($"the sentinel asked for {path}"),
        });
    }

    private static string Syncing(BeaconState state) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"data":{"head_slot":"{{{state.HeadSlot}}}","sync_distance":"{{{state.Distance}}}","is_syncing":{{{Flag(state.IsSyncing)}}},"is_optimistic":{{{Flag(state.IsOptimistic)}}},"el_offline":{{{Flag(state.IsExecutionOffline)}}}}}""");

    private static string Flag(bool value) => value ? "true" : "false";
}
