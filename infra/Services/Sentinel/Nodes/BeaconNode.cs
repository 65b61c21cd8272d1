using System.Diagnostics;
using System.Text.Json;

namespace HaCluster.Sentinel.Nodes;

/// <summary>A consensus client, read through the beacon API that all of them implement.</summary>
internal sealed class BeaconNode(HttpAccess http, NodeMeter meter)
{
    /// <exception cref="RpcException">It did not answer, or not what it should.</exception>
    public async Task<ConsensusFacts> AskAsync(CancellationToken cancellationToken)
    {
        using var syncing = await GetAsync("eth/v1/node/syncing", cancellationToken);
        var data = syncing.RootElement.Member("data");
        return new ConsensusFacts(
            data.Slot("head_slot"),
            data.Slot("sync_distance"),
            data.Flag("is_syncing"),
            // Both came later than the call itself.
            data.Optional("is_optimistic") is { ValueKind: JsonValueKind.True },
            data.Optional("el_offline") is { ValueKind: JsonValueKind.True },
            await PeersAsync(cancellationToken));
    }

    private async Task<int?> PeersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var peers = await GetAsync("eth/v1/node/peer_count", cancellationToken);
            return (int)Math.Min(int.MaxValue, peers.RootElement.Member("data").Slot("connected"));
        }
        catch (RpcException exception) when (exception.Fault is RpcFault.Status or RpcFault.Malformed)
        {
            return null;
        }
    }

    private async Task<JsonDocument> GetAsync(string path, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await http.GetAsync(path, acceptsAnyStatus: false, cancellationToken);
        }
        catch (RpcException exception)
        {
            meter.Failed(exception.Fault);
            throw;
        }
        finally
        {
            meter.Called(path, Stopwatch.GetElapsedTime(started));
        }
    }
}
