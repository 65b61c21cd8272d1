using System.Numerics;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Sentinel.Tests.Peers;

namespace HaCluster.Payments.Tests.Sweeping;

/// <summary>The contract of forwarders on a real virtual machine: whatever comes to a forwarder, in whichever way, goes to its parent and to nobody else.</summary>
public sealed class ForwarderContractTests
{
    private const string Parent = "0x00000000000000000000000000000000000a0001";

    [SkippableFact]
    public async Task The_committed_code_is_what_the_compiler_makes_of_the_source() =>
        Assert.Equal((await Solidity.CompileAsync(Solidity.Forwarders))["Forwarders"], $"0x{ForwarderContract.DeploymentData[(2 + 64)..]}");

    [SkippableFact]
    public async Task It_is_deployed_by_anybody_at_the_address_and_with_the_code_that_the_service_knows()
    {
        using var chain = await EthereumWorld.StartChainAsync();
        await chain.DeployForwardersAsync();
        Assert.Equal(ForwarderContract.CodeHash, ForwarderContract.HashOf(await CodeAsync(chain, ForwarderContract.Address)));
        // forwarderOf(address,bytes32)
        foreach (var position in new long[] { 0, 1, 255, 1_000_000, long.MaxValue })
        {
            var answer = await chain.CallAsync("eth_call", new { to = ForwarderContract.Address, data = $"0x{Selector("forwarderOf(address,bytes32)")}{Word(Parent)}{position:x64}" }, "latest");
            Assert.Equal(ForwarderContract.AddressOf(Parent, ForwarderSalt.At(position))[2..].ToLowerInvariant(), answer.GetString()![^40..]);
        }
    }

    [SkippableFact]
    public async Task Ether_is_swept_before_and_after_the_forwarder_is_deployed_however_it_came()
    {
        using var chain = await EthereumWorld.StartChainAsync();
        var peers = await Solidity.CompileAsync(Solidity.Peers);
        await chain.DeployForwardersAsync();
        var forwarder = ForwarderContract.AddressOf(Parent, ForwarderSalt.At(7));
        Assert.True(await chain.SendAsync(Solidity.OtherAccount, forwarder, "0x", "0x64", "0x5208"));
        Assert.True(await SweepAsync(chain, [6, 7, 8]));
        Assert.Equal((100, 0), (await BalanceAsync(chain, Parent), await BalanceAsync(chain, forwarder)));
        // Those that had nothing cost nothing but a look.
        Assert.Equal(["0x", "0x"], [await CodeAsync(chain, ForwarderContract.AddressOf(Parent, ForwarderSalt.At(6))), await CodeAsync(chain, ForwarderContract.AddressOf(Parent, ForwarderSalt.At(8)))]);

        // Now it has code: a transaction with no gas beyond that of a plain payment fails, and the payer keeps the ether.
        Assert.False(await chain.SendAsync(Solidity.OtherAccount, forwarder, "0x", "0x64", "0x5208"));
        Assert.True(await chain.SendAsync(Solidity.OtherAccount, forwarder, "0x", "0x64", "0x5400"));
        var payer = await chain.DeployAsync(peers["Payer"], value: "0x2710");
        Assert.True(await chain.SendAsync(Solidity.OtherAccount, payer, $"0x{Selector("pay(address)")}{Word(forwarder)}"));
        Assert.True(await chain.SendAsync(Solidity.OtherAccount, payer, $"0x{Selector("end(address)")}{Word(forwarder)}"));
        Assert.Equal(100 + 1000 + 7, await BalanceAsync(chain, forwarder));
        Assert.True(await SweepAsync(chain, [7]));
        Assert.Equal((1207, 0), (await BalanceAsync(chain, Parent), await BalanceAsync(chain, forwarder)));
    }

    [SkippableFact]
    public async Task Tokens_that_answer_nothing_are_swept_and_those_that_refuse_revert()
    {
        using var chain = await EthereumWorld.StartChainAsync();
        var peers = await Solidity.CompileAsync(Solidity.Peers);
        await chain.DeployForwardersAsync();
        var (silent, refusing) = (await chain.DeployAsync(peers["SilentToken"]), await chain.DeployAsync(peers["RefusingToken"]));
        for (var time = 1; time <= 2; time++)
        {
            Assert.True(await chain.SendAsync(Solidity.OtherAccount, silent, $"0xa9059cbb{Word(ForwarderContract.AddressOf(Parent, ForwarderSalt.At(3)))}{40:x64}"));
            Assert.True(await SweepAsync(chain, [3], silent));
            Assert.Equal((40 * time, 0), (await TokenAsync(chain, silent, Parent), await TokenAsync(chain, silent, ForwarderContract.AddressOf(Parent, ForwarderSalt.At(3)))));
        }

        Assert.False(await SweepAsync(chain, [3], refusing));
        // What is not a token has no balance to ask for.
        Assert.False(await SweepAsync(chain, [3], Solidity.OtherAccount));
    }

    [SkippableFact]
    public async Task Nobody_but_the_contract_moves_anything_and_a_parent_that_calls_back_gets_nothing_twice()
    {
        using var chain = await EthereumWorld.StartChainAsync();
        var peers = await Solidity.CompileAsync(Solidity.Peers);
        await chain.DeployForwardersAsync();
        var parent = await chain.DeployAsync(peers["CallingParent"], Word(ForwarderContract.Address));
        foreach (var position in new[] { 0, 1 })
            Assert.True(await chain.SendAsync(Solidity.OtherAccount, ForwarderContract.AddressOf(parent, ForwarderSalt.At(position)), "0x", "0x64"));
        Assert.True(await chain.SendAsync(Solidity.OtherAccount, ForwarderContract.Address, ForwarderContract.SweepData(parent, [ForwarderSalt.At(0), ForwarderSalt.At(1)], null)));
        Assert.Equal(200, await BalanceAsync(chain, parent));
        var swept = await chain.CallAsync("eth_getLogs", new { fromBlock = "0x0", address = ForwarderContract.Address, topics = new[] { ForwarderContract.SweptTopic } });
        Assert.Equal([100, 100], swept.EnumerateArray().Select(log => Convert.ToInt32(log.GetProperty("data").GetString(), 16)));
        Assert.True(await chain.SendAsync(Solidity.OtherAccount, ForwarderContract.AddressOf(parent, ForwarderSalt.At(0)), "0x", "0x64", "0x5400"));
        Assert.False(await chain.SendAsync(Solidity.OtherAccount, ForwarderContract.AddressOf(parent, ForwarderSalt.At(0)), $"0x{Selector("flush(address,uint256)")}{Word("0x")}{100:x64}"));
        Assert.Equal((200, 100), (await BalanceAsync(chain, parent), await BalanceAsync(chain, ForwarderContract.AddressOf(parent, ForwarderSalt.At(0)))));
    }

    private static Task<bool> SweepAsync(ChainProcess chain, long[] positions, string? token = null) =>
        chain.SendAsync(Solidity.OtherAccount, ForwarderContract.Address, ForwarderContract.SweepData(Parent, [.. positions.Select(ForwarderSalt.At)], token));

    private static async Task<string> CodeAsync(ChainProcess chain, string address) => (await chain.CallAsync("eth_getCode", address, "latest")).GetString()!;

    private static async Task<BigInteger> BalanceAsync(ChainProcess chain, string address) => Number((await chain.CallAsync("eth_getBalance", address, "latest")).GetString()!);

    private static async Task<BigInteger> TokenAsync(ChainProcess chain, string token, string holder) =>
        Number((await chain.CallAsync("eth_call", new { to = token, data = $"0x70a08231{Word(holder)}" }, "latest")).GetString()!);

    private static BigInteger Number(string hex) => BigInteger.Parse("0" + hex[2..], System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);

    private static string Selector(string function) => ForwarderContract.HashOf($"0x{Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(function))}")[2..10];

    private static string Word(string address) => address[2..].ToLowerInvariant().PadLeft(64, '0');
}
