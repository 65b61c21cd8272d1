using System.Text.Json;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>EthereumJS, a full execution client: two that are peers, one of which seals the blocks (clique) and one of which syncs from it.</summary>
internal sealed partial class ChainProcess
{
    public const int PeersChainId = 123456;

    // Any key: its account seals the blocks of a chain that ends with the test.
    private const string Key = "1111111111111111111111111111111111111111111111111111111111111111";
    private const string Account = "19e7e376e7c213b7e7e7e46cc70a5dd086daff2a";

    private static readonly string[] Forks =
    [
        "homesteadBlock", "eip150Block", "eip155Block", "eip158Block", "byzantiumBlock", "constantinopleBlock", "petersburgBlock", "istanbulBlock", "berlinBlock", "londonBlock",
    ];

    /// <summary>Null where npm has not brought it.</summary>
    public static string? EthereumJs { get; } = Programs.Find("node") is null ? null : Existing("@ethereumjs", "client", "dist", "esm", "bin", "cli.js");

    /// <summary>A miner with a chain, and a node that has just met it.</summary>
    public static async Task<(ChainProcess Miner, ChainProcess Follower)> EthereumPeersAsync()
    {
        Skip.If(EthereumJs is null, "needs @ethereumjs/client and node (npm ci --prefix tests/Sentinel.Tests/Peers/Node)");
        var folder = Directory.CreateTempSubdirectory("ethereumjs").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "chain.json"), Genesis());
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), Key);
        var miner = await EthereumJsAsync(folder, "miner", "--mine", $"--unlock={Path.Combine(folder, "key")}");
        await Waiting.UntilAsync("the miner has a chain", async () => Convert.ToInt64((await miner.CallAsync("eth_blockNumber")).GetString(), 16) > 5);
        var peer = (await miner.CallAsync("admin_nodeInfo")).GetProperty("enode").GetString();
        return (miner, await EthereumJsAsync(folder, "follower", $"--bootnodes={peer}"));
    }

    private static Task<ChainProcess> EthereumJsAsync(string folder, string name, params string[] own)
    {
        var port = Waiting.FreePort();
        string[] arguments =
        [
            EthereumJs!, $"--gethGenesis={Path.Combine(folder, "chain.json")}", $"--dataDir={Path.Combine(folder, name)}", "--rpc", "--rpcAddr=127.0.0.1", $"--rpcPort={port}",
            $"--port={Waiting.FreePort()}", "--extIP=127.0.0.1", "--discDns=false", "--discV4=false", "--logFile=false", "--logLevel=warn", .. own,
        ];
        return new ChainProcess(() => RunningProgram.Start("node", arguments), "127.0.0.1", port, "eth_chainId").AnsweringAsync();
    }

    /// <summary>In geth's format; a block a second.</summary>
    private static string Genesis()
    {
        var config = new Dictionary<string, object> { ["chainId"] = PeersChainId, ["eip150Hash"] = Zeros(64), ["clique"] = new { period = 1, epoch = 30000 } };
        foreach (var fork in Forks)
            config[fork] = 0;
        return JsonSerializer.Serialize(new
        {
            config,
            nonce = "0x0",
            timestamp = "0x614b3731",
            gasLimit = "0x47b760",
            difficulty = "0x1",
            mixHash = Zeros(64),
            coinbase = Zeros(40),
            number = "0x0",
            gasUsed = "0x0",
            parentHash = Zeros(64),
            baseFeePerGas = 7,
            extraData = $"{Zeros(64)}{Account}{new string('0', 130)}",
            alloc = new Dictionary<string, object> { [Account] = new { balance = "0x10000000000000000000" } },
        });
    }

    private static string Zeros(int digits) => "0x" + new string('0', digits);
}
