using System.Text.Json;

namespace HaCluster.Sentinel.Tests.Peers;

/// <summary>bcoin, a full node of Bitcoin, on a regtest network of the test's own: real peers, blocks and reorganisations.</summary>
internal sealed partial class ChainProcess
{
    public const string NeedsBcoin = "needs bcoin and node (npm ci --prefix tests/Sentinel.Tests/Peers/Node)";

    /// <summary>Nobody has its key: the blocks are worth nothing.</summary>
    private const string Beneficiary = "R9NVxTj2ewfiTUzAfn7FSsq9kxNt6fjaaZ";

    /// <summary>Null where npm has not brought it.</summary>
    public static string? Bcoin { get; } = Programs.Find("node") is null ? null : Existing("bcoin", "bin", "node");

    /// <param name="peerPort">Where it listens for peers, on its address; 0: it does not.</param>
    /// <param name="folder">Where it keeps its chain; null: in memory.</param>
    /// <param name="peer">The only node that it connects to; null: none.</param>
    /// <param name="walletPort">Where its wallet answers, with the same password; 0: it has none.</param>
    public static Task<ChainProcess> BcoinAsync(
        string password, string address = "127.0.0.1", int port = 0, int peerPort = 0, string? folder = null, string? peer = null, string network = "regtest", int walletPort = 0)
    {
        Skip.If(Bcoin is null, NeedsBcoin);
        port = port == 0 ? Waiting.FreePort() : port;
        string[] arguments =
        [
            Bcoin!, $"--network={network}", $"--memory={(folder is null ? "true" : "false")}", $"--host={address}", $"--port={(peerPort == 0 ? Waiting.FreePort() : peerPort)}",
            $"--listen={(peerPort == 0 ? "false" : "true")}", $"--http-host={address}", $"--http-port={port}", $"--api-key={password}", "--workers=false",
            .. walletPort == 0 ? ["--no-wallet"] : new[] { $"--wallet-http-host={address}", $"--wallet-http-port={walletPort}", $"--wallet-api-key={password}" },
            "--log-level=error", "--bip37=false", $"--prefix={folder ?? Directory.CreateTempSubdirectory("bcoin").FullName}", $"--only={peer ?? "127.0.0.1:1"}",
        ];
        var environment = new Dictionary<string, string?> { ["BCOIN_NETWORK"] = network, ["NODE_BACKEND"] = "js" };
        return new ChainProcess(() => RunningProgram.Start("node", arguments, environment: environment), address, port, "getblockcount", password).AnsweringAsync();
    }

    /// <summary>Blocks of this moment, which its peers get too.</summary>
    /// <returns>Their hashes.</returns>
    public async Task<IReadOnlyList<string>> GenerateAsync(int blocks = 1) => Texts(await CallAsync("generatetoaddress", blocks, Beneficiary));

    public async Task<long> HeightAsync() => (await CallAsync("getblockcount")).GetInt64();

    /// <summary>Hashes of its chain from a height on.</summary>
    public async Task<IReadOnlyList<string>> HashesAsync(long from)
    {
        var hashes = new List<string>();
        for (var (height, head) = (from, await HeightAsync()); height <= head; height++)
            hashes.Add((await CallAsync("getblockhash", height)).GetString()!);
        return hashes;
    }

    /// <summary>Hands in blocks of another node, as miners do: it follows them when they make the longer chain.</summary>
    /// <param name="hashes">The lowest first.</param>
    public async Task TakeAsync(ChainProcess other, IEnumerable<string> hashes)
    {
        foreach (var hash in hashes)
        {
            var answer = await CallAsync("submitblock", (await other.CallAsync("getblock", hash, false)).GetString()!);
            if (answer.ValueKind != JsonValueKind.Null)
                throw new InvalidOperationException($"block {hash}: {answer}");
        }
    }

    /// <summary>Replaces its newest blocks with others, and one more: the longer chain.</summary>
    /// <returns>Hashes of the new blocks.</returns>
    public async Task<IReadOnlyList<string>> ReplaceAsync(int depth)
    {
        var replaced = (await CallAsync("getblockhash", await HeightAsync() - depth + 1)).GetString()!;
        await CallAsync("invalidateblock", replaced);
        var blocks = await GenerateAsync(depth + 1);
        // It would refuse the peers that still have them.
        await CallAsync("reconsiderblock", replaced);
        return blocks;
    }

    private static IReadOnlyList<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString()!)];
}
