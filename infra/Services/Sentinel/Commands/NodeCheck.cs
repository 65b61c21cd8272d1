using System.Text.Json;
using HaCluster.Sentinel.Answers;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Nodes;
using HaCluster.Sentinel.Watching;
using static System.FormattableString;

namespace HaCluster.Sentinel.Commands;

/// <summary><c>sentinel check URL</c>: checks a node once, or reads the status of a running sentinel, and prints the result.</summary>
internal static class NodeCheck
{
    /// <param name="network">Null: accept any network.</param>
    /// <param name="tipAge">Null: the default of its chain.</param>
    public static async Task<int> RunAsync(
        NodeAccess access, Uri? consensus, string? network, TimeSpan? tipAge, TextWriter output, CancellationToken cancellationToken)
    {
        using var http = new HttpAccess(access, NodeWatcher.Timeout);
        try
        {
            if (await SentinelAsync(http, cancellationToken) is { } status)
                return Report(status, output);
            var (chain, facts) = await NodeAsync(http, cancellationToken);
            var beacon = consensus is null ? null : await BeaconAsync(consensus, cancellationToken);
            var options = Options(access, consensus, chain, network ?? facts.Network, facts, tipAge);
            return Report(Judge(options, facts, beacon), output);
        }
        catch (RpcException exception)
        {
            await output.WriteLineAsync($"not ready: {access.Url.GetLeftPart(UriPartial.Authority)}: {exception.Message}");
            return CommandLine.NotReady;
        }
    }

    /// <summary>Null where something else than a sentinel answers.</summary>
    private static async Task<StatusDocument?> SentinelAsync(HttpAccess http, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await http.GetAsync("/ready", acceptsAnyStatus: true, cancellationToken);
            return document.RootElement.Optional("reason") is null ? null : document.Deserialize(StatusJson.Default.StatusDocument);
        }
        catch (RpcException exception) when (exception.Fault is not (RpcFault.Unreachable or RpcFault.Timeout or RpcFault.Tls))
        {
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whichever chain's methods it knows.</summary>
    private static async Task<(Chain Chain, NodeFacts Facts)> NodeAsync(HttpAccess http, CancellationToken cancellationToken)
    {
        var rpc = new JsonRpc(http, new NodeMeter(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()), ["", "", ""]));
        using var chainId = await rpc.TryAsync("eth_chainId", cancellationToken);
        var chain = chainId is null ? Chain.Bitcoin : Chain.Ethereum;
        return (chain, await Service.NodeOf(chain, rpc, TimeProvider.System).AskAsync(cancellationToken));
    }

    private static async Task<ConsensusFacts> BeaconAsync(Uri url, CancellationToken cancellationToken)
    {
        using var http = new HttpAccess(new NodeAccess(Service.WithSlash(url)), NodeWatcher.Timeout);
        return await new BeaconNode(http, new NodeMeter(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()), ["", "", ""])).AskAsync(cancellationToken);
    }

    private static SentinelOptions Options(NodeAccess access, Uri? consensus, Chain chain, string network, NodeFacts facts, TimeSpan? tipAge) => new()
    {
        Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0),
        Chain = chain,
        Network = network,
        Client = facts.Version,
        Rpc = access,
        Consensus = consensus,
        Limits = Limits.Of(chain, network) is var limits && tipAge is { } age ? limits with { TipAge = age } : limits,
        Pod = "",
    };

    private static StatusDocument Judge(SentinelOptions options, NodeFacts facts, ConsensusFacts? consensus)
    {
        var watch = new Watch(options, TimeProvider.System);
        watch.Answered(facts, certificate: null);
        if (consensus is not null)
            watch.ConsensusAnswered(consensus);
        var at = watch.Take();
        return StatusDocument.Of(ReadyDecision.Of(at), at, options, watch.Observed);
    }

    private static int Report(StatusDocument status, TextWriter output)
    {
        output.WriteLine($"{(status.Ok ? "ready" : "not ready")}: {status.Reason}: {status.Detail}");
        foreach (var (name, value) in Rows(status))
            output.WriteLine($"  {name,-10} {value}");
        return status.Ok ? CommandLine.Done : CommandLine.NotReady;
    }

    private static IEnumerable<(string Name, string Value)> Rows(StatusDocument status)
    {
        yield return ("chain", $"{status.Chain} {status.Network}{(status.Client.Length > 0 ? $", {status.Client}" : "")}");
        if (status.Head is { } head)
            yield return ("head", Invariant($"{head.Height:N0} of {head.Time:yyyy-MM-dd HH:mm:ss}Z, {Short(head.Hash)}"));
        if (status.Finalized is { } finalized)
            yield return ("finalized", Invariant($"{finalized:N0}"));
        yield return ("peers", status.Peers is { } peers ? Invariant($"{peers}") : "not reported");
        if (status.Reference is { Pod.Length: > 0 } reference)
            yield return ("reference", Invariant($"{reference.Height:N0} of {reference.Pod}"));
        if (status.Consensus is { } consensus)
            yield return ("consensus", Invariant($"{consensus.Distance} slots behind, {consensus.Peers?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"} peers"));
    }

    private static string Short(string hash) => hash.Length > 20 ? $"{hash[..10]}...{hash[^8..]}" : hash;
}
