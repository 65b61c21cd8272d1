using System.Runtime.CompilerServices;
using System.Text.Json;
using HaCluster.Payments.Sweeping;
using HaCluster.Sentinel.Tests.Peers;

namespace HaCluster.Payments.Tests.Sweeping;

/// <summary>The compiler of the contracts, and a chain with what it made.</summary>
internal static class Solidity
{
    /// <summary>An account of every anvil that the wallets of the tests do not have.</summary>
    public const string OtherAccount = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

    private const string Needs = "needs node and solc (npm ci --prefix tests/Payments.Tests/Sweeping/Solidity)";

    public static string Forwarders => Path.Combine(Folder(), "../../../infra/Services/Payments/Sweeping/Forwarders.sol");

    public static string Peers => Path.Combine(Folder(), "Solidity/Peers.sol");

    /// <returns>Creation codes by the names of the contracts.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> CompileAsync(string file)
    {
        Skip.If(Programs.Find("node") is null || !File.Exists(Path.Combine(Folder(), "Solidity/node_modules/solc/package.json")), Needs);
        var ended = await Programs.RunAsync(Programs.Find("node")!, [Path.Combine(Folder(), "Solidity/compile.mjs"), file]);
        Assert.True(ended.ExitCode == 0, ended.Text);
        return JsonSerializer.Deserialize<Dictionary<string, string>>(ended.Output)!;
    }

    /// <summary>As an operator does it, with an account of anybody.</summary>
    public static async Task DeployForwardersAsync(this ChainProcess chain)
    {
        Assert.True(await chain.SendAsync(OtherAccount, ForwarderContract.Deployer, ForwarderContract.DeploymentData));
    }

    /// <returns>Its address.</returns>
    public static async Task<string> DeployAsync(this ChainProcess chain, string code, string arguments = "", string value = "0x0")
    {
        var txid = (await chain.CallAsync("eth_sendTransaction", new { from = OtherAccount, data = code + arguments, gas = "0x2dc6c0", value })).GetString()!;
        await chain.MineAsync();
        return (await chain.CallAsync("eth_getTransactionReceipt", txid)).GetProperty("contractAddress").GetString()!;
    }

    /// <returns>Whether it succeeded, in a block of its own.</returns>
    public static async Task<bool> SendAsync(this ChainProcess chain, string from, string to, string data, string value = "0x0", string gas = "0x4c4b40")
    {
        var txid = (await chain.CallAsync("eth_sendTransaction", new { from, to, data, value, gas })).GetString()!;
        await chain.MineAsync();
        return (await chain.CallAsync("eth_getTransactionReceipt", txid)).GetProperty("status").GetString() == "0x1";
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
