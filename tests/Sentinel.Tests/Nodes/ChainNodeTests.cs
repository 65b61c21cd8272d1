using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Xunit;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Commands;
using HaCluster.Sentinel.Nodes;
using HaCluster.Sentinel.Tests.Decisions;
using HaCluster.Sentinel.Tests.Peers;
using HaCluster.Sentinel.Watching;

namespace HaCluster.Sentinel.Tests.Nodes;

/// <summary>What is read of each client's answers, and that no mutilated answer is taken for a good one.</summary>
public sealed partial class ChainNodeTests
{
    private const long Height = 900_000;

    private static readonly string Best = Moments.HashOf(Height, "a");

    [Fact]
    public async Task Btcd_says_nothing_of_syncing_and_fills_in_headers()
    {
        var facts = await AskAsync(Chain.Bitcoin, Bitcoin("""{"chain":"mainnet","blocks":900000,"headers":900000,"bestblockhash":"HASH"}""", """[{"currentheight":900001},{"currentheight":899999},{"currentheight":900000}]"""));

        Assert.Equal(new Head(Height, Best, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)), facts.Head);
        Assert.Equal(("mainnet", 3, 900_000L, false), (facts.Network, facts.Peers, facts.PeerHeight, facts.ReportsSyncing));
        Assert.Equal(16, facts.Recent.Length);
    }

    [Fact]
    public async Task Bitcoind_is_believed_when_it_says_that_it_syncs()
    {
        var facts = await AskAsync(Chain.Bitcoin, Bitcoin(
            """{"chain":"main","blocks":900000,"headers":900000,"bestblockhash":"HASH","initialblockdownload":true,"verificationprogress":0.25}""", """[{"synced_headers":-1,"startingheight":900000}]"""));

        Assert.Equal(("mainnet", true, 0.25, 900_000L), (facts.Network, facts.ReportsSyncing, facts.VerificationProgress, facts.PeerHeight));
        Assert.True((await AskAsync(Chain.Bitcoin, Bitcoin("""{"chain":"main","blocks":900000,"headers":900145,"bestblockhash":"HASH"}""", "[]"))).ReportsSyncing);
    }

    [Fact]
    public async Task An_execution_client_is_read_by_its_standard_methods()
    {
        var facts = await AskAsync(Chain.Ethereum, Ethereum);

        Assert.Equal(("mainnet", 16, 22_999_900L, "Geth/v1.17.5"), (facts.Network, facts.Peers, facts.Finalized, facts.Version));
        Assert.Equal((1e9, 7d), (facts.GasPrice, facts.BaseFee));
        Assert.Equal(23_000_000, facts.Head.Height);
    }

    /// <summary>
    /// One answer of a poll with a byte changed, a piece cut out, doubled, or cut off: either it is refused as one of the known faults, or what is read has the
    /// shape of a good answer; nothing else escapes.
    /// </summary>
    [Property(MaxTest = 400)]
    public bool A_mutilated_answer_is_refused_or_read_and_never_a_crash(bool isBitcoin, NonNegativeInt which, NonNegativeInt at, byte value, byte kind)
    {
        var answer = isBitcoin ? Bitcoin("""{"chain":"mainnet","blocks":900000,"headers":900000,"bestblockhash":"HASH"}""", "[{\"currentheight\":900001}]") : Ethereum;
        // A poll of bitcoin has 20 calls, one of Ethereum 22.
        var (call, broken) = (-1, which.Get % 22);
        return IsReadOrRefused(
            isBitcoin ? Chain.Bitcoin : Chain.Ethereum,
            request => Interlocked.Increment(ref call) == broken ? Mutilate(Encoding.UTF8.GetBytes(answer(request)), at.Get, value, kind) : Encoding.UTF8.GetBytes(answer(request)));
    }

    /// <summary>Each of these once escaped as another exception, or might.</summary>
    [Theory]
    [InlineData("\"chain\":\"mainnet\"", "\"chain\":\"\\ud800\"")]
    [InlineData("\"chain\":", "\"\\udc00\":1,\"chain\":")]
    [InlineData("\"chain\":\"mainnet\"", "\"chain\":\"\u00ff\"")]
    [InlineData("\"error\":null", "\"error\":{\"message\":\"\\ud800\"}")]
    [InlineData("\"error\":null", "\"error\":{\"message\":{},\"code\":\"x\"}")]
    [InlineData("\"error\":null", "\"error\":7")]
    public async Task What_is_no_text_is_malformed_or_refused(string part, string instead)
    {
        const string Answer = """{"error":null,"result":{"chain":"mainnet","blocks":900000,"headers":900000,"bestblockhash":"HASH"}}""";
        // Latin-1: a byte above 127 alone is not UTF-8.
        var bytes = Encoding.Latin1.GetBytes(Answer.Replace("HASH", Best, StringComparison.Ordinal).Replace(part, instead, StringComparison.Ordinal));

        var exception = await Assert.ThrowsAsync<RpcException>(() => AskAsync(Chain.Bitcoin, _ => bytes));

        Assert.True(exception.Fault is RpcFault.Malformed or RpcFault.Refused, exception.Message);
    }

    [Theory]
    [InlineData("Nethermind/v1.36.0+6db5d2a0/linux-x64/dotnet10.0.1", """{"startingBlock":"0x0","currentBlock":"0x15ef3a0","highestBlock":"0x15ef3c0","syncMode":"FastSync"}""")]
    [InlineData("erigon/3.3.2/linux-amd64/go1.25.4", """{"currentBlock":"0x15ef3a0","highestBlock":"0x15ef3c0","stages":[{"stage_name":"Execution","block_number":"0x15ef3a0"}]}""")]
    [InlineData("reth/v2.4.1-0f2a9d0/x86_64-unknown-linux-gnu", """{"startingBlock":"0x0","currentBlock":"0x15ef3a0","highestBlock":"0x15ef3c0","stages":null}""")]
    public async Task Other_execution_clients_differ_in_name_and_in_how_they_say_that_they_sync(string name, string syncing)
    {
        var facts = await AskAsync(Chain.Ethereum, request => Encoding.UTF8.GetBytes(MethodOf(request) switch
        {
            "web3_clientVersion" => Result($"\"{name}\""),
            "eth_syncing" => Result(syncing),
            _ => Ethereum(request),
        }));

        Assert.Equal((name, true, "mainnet"), (facts.Version, facts.ReportsSyncing, facts.Network));
    }

    [Property(MaxTest = 500)]
    public bool A_mutilated_sentinel_or_consensus_client_is_refused_or_read(bool isSibling, NonNegativeInt at, byte value, byte kind)
    {
        var hash = new string('a', 64);
        var bytes = Mutilate(
            Encoding.UTF8.GetBytes(isSibling
                ? $$$"""{"ok":true,"reason":"ok","network":"mainnet","head":{"height":5,"hash":"{{{hash}}}"},"recent":[{"height":5,"hash":"{{{hash}}}"}],"consensus":{"distance":0}}"""
                : """{"data":{"head_slot":"1","sync_distance":"0","is_syncing":false,"is_optimistic":false,"el_offline":false}}"""),
            at.Get,
            value,
            kind);
        using var server = new RawServer((_, stream, token) => RawServer.SendAsync(stream, 200, bytes, token));
        using var http = new HttpAccess(new NodeAccess(server.Url), TimeSpan.FromSeconds(20));
        try
        {
            if (!isSibling)
                return new BeaconNode(http, Meter()).AskAsync(CancellationToken.None).GetAwaiter().GetResult() is { HeadSlot: >= 0, Distance: >= 0 };
            using var document = http.GetAsync("/ready", acceptsAnyStatus: true, CancellationToken.None).GetAwaiter().GetResult();
            return SiblingReader.Read("other", document.RootElement) is { Head: null or { Height: >= 0 } };
        }
        catch (RpcException)
        {
            return true;
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e30")]
    [InlineData("900000.5")]
    [InlineData("\"900000\"")]
    [InlineData("null")]
    [InlineData("9223372036854775807")]
    [InlineData("[900000]")]
    public async Task A_negative_or_fractional_height_is_malformed(string height)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => AskAsync(Chain.Bitcoin, Bitcoin($$"""{"chain":"mainnet","blocks":{{height}},"bestblockhash":"HASH"}""", "[]")));

        Assert.Equal(RpcFault.Malformed, exception.Fault);
    }

    private static Task<NodeFacts> AskAsync(Chain chain, Func<string, string> answer) => AskAsync(chain, request => Encoding.UTF8.GetBytes(answer(request)));

    private static async Task<NodeFacts> AskAsync(Chain chain, Func<string, byte[]> answer)
    {
        using var server = new RawServer((request, stream, token) => RawServer.SendAsync(stream, 200, answer(request), token));
        using var http = new HttpAccess(new NodeAccess(server.Url), TimeSpan.FromSeconds(20));
        return await Service.NodeOf(chain, new JsonRpc(http, Meter()), TimeProvider.System).AskAsync(CancellationToken.None);
    }

    private static NodeMeter Meter() => new(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()), ["", "", ""]);

    private static bool IsReadOrRefused(Chain chain, Func<string, byte[]> answer)
    {
        try
        {
            var facts = AskAsync(chain, answer).GetAwaiter().GetResult();
            return facts.Head is { Height: >= 0, Hash.Length: 64 or 66 } && facts.Recent[0] == facts.Head.Id && facts.Network.Length > 0
                && facts.Recent.Select((block, index) => facts.Head.Height - block.Height == index).All(isNext => isNext);
        }
        catch (RpcException)
        {
            return true;
        }
    }

    private static byte[] Mutilate(byte[] bytes, int at, byte value, byte kind)
    {
        at %= bytes.Length;
        return (kind % 5) switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            2 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + value)..]],
            3 => [.. bytes[..at], .. Enumerable.Repeat(value, 50), .. bytes[at..]],
            _ => [.. bytes[..at], .. bytes[(at / 2)..]],
        };
    }

    private static Func<string, string> Bitcoin(string info, string peers) => request => MethodOf(request) switch
    {
        "getblockchaininfo" => Result(info.Replace("HASH", Best, StringComparison.Ordinal)),
        "getblockheader" => Header(request),
        "getpeerinfo" => Result(peers),
        "getmempoolinfo" => Result("""{"size":12,"bytes":3400}"""),
        _ => """{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":1}""",
    };

    private static string Header(string request)
    {
        var height = Enumerable.Range(0, 20).Select(back => Height - back).FirstOrDefault(one => request.Contains(Moments.HashOf(one, "a"), StringComparison.Ordinal));
        return Result($$"""{"hash":"{{Moments.HashOf(height, "a")}}","height":{{height}},"time":1700000000,"previousblockhash":"{{Moments.HashOf(height - 1, "a")}}"}""");
    }

    private static string Ethereum(string request) => MethodOf(request) switch
    {
        "eth_getBlockByNumber" when request.Contains("finalized", StringComparison.Ordinal) => Result(Block(22_999_900)),
        "eth_getBlockByNumber" => Result(Block(23_000_000)),
        "eth_getBlockByHash" => Result(Block(Enumerable.Range(0, 20).Select(back => 23_000_000L - back).First(one => request.Contains(Moments.HashOf(one, "a"), StringComparison.Ordinal)))),
        "eth_syncing" => Result("false"),
        "eth_chainId" => Result("\"0x1\""),
        "net_peerCount" => Result("\"0x10\""),
        "eth_gasPrice" => Result("\"0x3b9aca00\""),
        _ => Result("\"Geth/v1.17.5\""),
    };

    private static string Block(long height) =>
        $$"""{"number":"0x{{height:x}}","hash":"0x{{Moments.HashOf(height, "a")}}","parentHash":"0x{{Moments.HashOf(height - 1, "a")}}","timestamp":"0x6553f100","baseFeePerGas":"0x7"}""";

    private static string Result(string value) => $$"""{"jsonrpc":"2.0","id":1,"result":{{value}}}""";

    private static string MethodOf(string request) => Method().Match(request).Groups[1].Value;

    [GeneratedRegex("\"method\":\"([A-Za-z0-9_]+)\"")]
    private static partial Regex Method();
}
