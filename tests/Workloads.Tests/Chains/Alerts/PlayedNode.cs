using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HaCluster.Workloads.Tests.Chains.Alerts;

/// <summary>
/// A stand-in for a chain node, not a real one: it answers what the sentinel asks of btcd, or of geth with lighthouse beside it, from a made-up chain, and does
/// wrong what a test tells it to. Real nodes are in Sentinel.Tests; few of them can be told to lose their peers or to be two hours late.
/// </summary>
internal sealed class PlayedNode : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly PlayedChain _chain;
    private readonly ConcurrentDictionary<string, long> _known = new(StringComparer.Ordinal);

    private PlayedNode(PlayedChain chain, WebApplication server) => (_chain, _server) = (chain, server);

    /// <summary>The connection is cut instead of an answer.</summary>
    public bool IsDown { get; set; }

    /// <summary>Answers every call of the beacon API with 500.</summary>
    public bool IsConsensusBroken { get; set; }

    /// <summary>It says of itself that it is syncing.</summary>
    public bool IsSyncing { get; set; }

    /// <summary>It gets no block above this one.</summary>
    public long? StalledAt { get; set; }

    /// <summary>It has other blocks than the rest of the chain above this one.</summary>
    public long? ForkedAbove { get; set; }

    /// <summary>By how much its blocks are older than they should be.</summary>
    public TimeSpan Late { get; set; }

    public int Peers { get; set; } = 12;

    /// <summary>Blocks from the finalized one to the head.</summary>
    public long Unfinalized { get; set; } = 70;

    /// <summary>Slots that the consensus client is behind.</summary>
    public long Distance { get; set; }

    /// <summary>What a new connection is shown; null without TLS.</summary>
    public X509Certificate2? Certificate { get; set; }

    private long Head => Math.Min(_chain.Head, StalledAt ?? long.MaxValue);

    public static async Task<PlayedNode> StartAsync(PlayedChain chain, IPAddress address, int port, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        PlayedNode? node = null;
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(address, port, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => node!.Certificate);
        }));
        var server = builder.Build();
        node = new PlayedNode(chain, server) { Certificate = certificate };
        server.Run(node.AnswerAsync);
        await server.StartAsync();
        return node;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (IsDown)
        {
            context.Abort();
            return;
        }

        // btcd reads a certificate when it starts only; here the next connection shows a new one.
        if (Certificate is not null)
            context.Response.Headers.Connection = "close";
        context.Response.ContentType = "application/json";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = IsConsensusBroken ? 500 : 200;
            await context.Response.WriteAsync(Beacon(context.Request.Path).ToJsonString());
            return;
        }

        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        var result = Result(request["method"]!.GetValue<string>(), request["params"]!.AsArray());
        await context.Response.WriteAsync(new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = request["id"]!.DeepClone(),
            [result is null ? "error" : "result"] = result ?? new JsonObject { ["code"] = -32601, ["message"] = "method not found" },
        }.ToJsonString());
    }

    private JsonObject Beacon(string path) => new()
    {
        ["data"] = path.EndsWith("/peer_count", StringComparison.Ordinal)
            ? new JsonObject { ["connected"] = "70" }
            : new JsonObject
            {
                ["head_slot"] = $"{Head - Distance}",
                ["sync_distance"] = $"{Distance}",
                ["is_syncing"] = Distance > 0,
                ["is_optimistic"] = false,
                ["el_offline"] = false,
            },
    };

    private JsonNode? Result(string method, JsonArray parameters) => method switch
    {
        "eth_chainId" => "0x1",
        "eth_syncing" => IsSyncing ? new JsonObject { ["currentBlock"] = Hex(Head), ["highestBlock"] = Hex(Head + 1000) } : false,
        "eth_getBlockByNumber" => Block(parameters[0]!.GetValue<string>() == "finalized" ? _chain.Head - Unfinalized : Head),
        "eth_getBlockByHash" => Block(_known[parameters[0]!.GetValue<string>()]),
        "net_peerCount" => Hex(Peers),
        "eth_gasPrice" => Hex(1_500_000_000),
        "web3_clientVersion" => "played/1.0.0",
        "getblockchaininfo" => new JsonObject { ["chain"] = "mainnet", ["blocks"] = Head, ["headers"] = Head, ["bestblockhash"] = HashOf(Head) },
        "getblockheader" => Header(_known[parameters[0]!.GetValue<string>()]),
        "getpeerinfo" => new JsonArray([.. Enumerable.Range(0, Peers).Select(_ => new JsonObject { ["currentheight"] = _chain.Head })]),
        "getmempoolinfo" => new JsonObject { ["size"] = 4_000, ["bytes"] = 2_000_000 },
        _ => null,
    };

    private JsonObject Block(long height) => new()
    {
        ["number"] = Hex(height),
        ["hash"] = $"0x{HashOf(height)}",
        ["parentHash"] = $"0x{HashOf(height - 1)}",
        ["timestamp"] = Hex(TimeOf(height)),
        ["baseFeePerGas"] = Hex(900_000_000),
    };

    private JsonObject Header(long height) => new()
    {
        ["hash"] = HashOf(height),
        ["height"] = height,
        ["time"] = TimeOf(height),
        ["previousblockhash"] = HashOf(height - 1),
    };

    private long TimeOf(long height) => (_chain.TimeOf(height) - Late).ToUnixTimeSeconds();

    /// <summary>What it has told of, it is asked for again.</summary>
    private string HashOf(long height)
    {
        var hash = height > ForkedAbove ? PlayedChain.Hash("apart", height) : _chain.HashOf(height);
        _known[hash] = _known[$"0x{hash}"] = height;
        return hash;
    }

    private static string Hex(long number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");
}
