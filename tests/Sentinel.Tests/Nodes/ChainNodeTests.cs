using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Metrics;
using HaCluster.Sentinel.Nodes;
using HaCluster.Sentinel.Tests.Decisions;
using HaCluster.Sentinel.Tests.Peers;

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
        Assert.Equal(8, facts.Recent.Length);
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

    /// <summary>One byte changed, a piece cut out, or cut off: either it is refused, or it says what the mutilated text says; nothing else escapes.</summary>
    [Property(MaxTest = 150)]
    public Property Mutilated_answers_never_crash(bool isBitcoin, NonNegativeInt at, byte value, byte kind)
    {
        var answer = isBitcoin ? Bitcoin("""{"chain":"mainnet","blocks":900000,"headers":900000,"bestblockhash":"HASH"}""", "[{\"currentheight\":900001}]") : Ethereum;
        return Prop.ToProperty(Survives(isBitcoin ? Chain.Bitcoin : Chain.Ethereum, request => Mutilate(answer(request), at.Get, value, kind)));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e30")]
    [InlineData("900000.5")]
    [InlineData("\"900000\"")]
    [InlineData("null")]
    [InlineData("9223372036854775807")]
    [InlineData("[900000]")]
    public async Task A_height_that_is_no_height_is_malformed(string height)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => AskAsync(Chain.Bitcoin, Bitcoin($$"""{"chain":"mainnet","blocks":{{height}},"bestblockhash":"HASH"}""", "[]")));

        Assert.Equal(RpcFault.Malformed, exception.Fault);
    }

    private static async Task<NodeFacts> AskAsync(Chain chain, Func<string, string> answer)
    {
        using var server = RawServer.Json(answer);
        using var http = new HttpAccess(new NodeAccess(server.Url), TimeSpan.FromSeconds(20));
        var meter = new NodeMeter(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()), ["", "", ""]);
        IChainNode node = chain == Chain.Bitcoin ? new BitcoinNode(new JsonRpc(http, meter), TimeProvider.System) : new EthereumNode(new JsonRpc(http, meter), TimeProvider.System);
        return await node.AskAsync(CancellationToken.None);
    }

    private static bool Survives(Chain chain, Func<string, string> answer)
    {
        try
        {
            var facts = AskAsync(chain, answer).GetAwaiter().GetResult();
            return facts.Head.Height >= 0;
        }
        catch (RpcException)
        {
            return true;
        }
    }

    private static string Mutilate(string text, int at, byte value, byte kind)
    {
        at %= text.Length;
        return (kind % 4) switch
        {
            0 => text[..at],
            1 => text[..at] + (char)value + text[(at + 1)..],
            2 => text.Remove(at, Math.Min(text.Length - at, value)),
            _ => text[..at] + new string((char)value, 50) + text[at..],
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
