using System.Text.Json.Nodes;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;
using NBitcoin;

namespace HaCluster.Payments.Tests.Chains;

/// <summary>A node that lies is not followed where that can be seen; when it tells the truth again, or another one answers, nothing is missing and nothing is there twice.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class LyingNodeTests(BitcoinRegtest bitcoin) : OwnStore
{
    private const int Behind = 40;

    private Database _database = null!;

    public override async Task InitializeAsync() => _database = await OpenAsync();

    [SkippableFact]
    public async Task On_Bitcoin_a_head_that_is_not_there_is_not_reached()
    {
        await using var world = await StartAsync();
        var head = await bitcoin.Chain.HeightAsync();
        using var liar = new NodeProxy((asked, answered) => Each(asked, answered, (call, answer) => (string?)call["method"] switch
        {
            "getblockcount" => Result(call, head + 1_000),
            "getblockhash" when (long)call["params"]![0]! > head => Result(call, new string('f', 64)),
            _ => null,
        }));
        await Assert.ThrowsAsync<NodeRefusedException>(() => world.NewWatcher(network: liar).WorkAsync(default));
        Assert.Equal(head, (await ScannedAsync(Asset.Bitcoin)).Number);
        await AssertFoundAsync(world);
    }

    [SkippableFact]
    public async Task On_Bitcoin_another_block_than_was_asked_for_is_not_looked_through()
    {
        await using var world = await StartAsync();
        using var liar = new NodeProxy((asked, answered) => asked is not JsonArray calls || (string?)calls[0]!["method"] != "getblock" ? null : Swap(answered));
        await AssertRefusedAsync(world, liar);
    }

    [SkippableFact]
    public async Task On_Bitcoin_a_block_without_one_of_its_transactions_is_not_looked_through()
    {
        await using var world = await StartAsync();
        using var liar = new NodeProxy((asked, answered) => Each(asked, answered, (call, answer) =>
        {
            if ((string?)call["method"] != "getblock")
                return null;
            var block = Block.Parse((string)answer["result"]!, Network.RegTest);
            if (block.Transactions.Count == 1)
                return null;
            block.Transactions.RemoveAt(1);
            return Result(call, Convert.ToHexStringLower(block.ToBytes()));
        }));
        await AssertRefusedAsync(world, liar);
    }

    [SkippableFact]
    public async Task On_Ethereum_a_head_that_is_not_there_is_not_reached()
    {
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), _database, Scratch.Path, extendedKey: Deposits.ExtendedKey);
        await Deposits.PayAsync(world, await Deposits.AddAddressAsync(world), 1_000);
        await world.Chain.MineAsync(Behind);
        var head = Convert.ToInt64((await world.Chain.CallAsync("eth_blockNumber")).GetString(), 16);
        using var liar = new NodeProxy((asked, answered) =>
        {
            if (asked is JsonArray || (string?)asked["method"] != "eth_getBlockByNumber" || asked["params"]![0]!.ToString() is not ("latest" or "finalized"))
                return null;
            answered["result"]!["number"] = EthereumNode.Hex(head + 1_000);
            return NodeProxy.Json(answered);
        });
        await world.NewWatcher(handler: liar).WorkAsync(default);
        Assert.Equal(head, (await ScannedAsync(Asset.Ethereum)).Number);
        // Of what it calls finalized, only what was looked through counts.
        await world.NewWatcher().WorkAsync(default);
        Assert.Equal([(Deposit.Final, 1_000)], (await Deposits.AllAsync(world)).Select(Deposits.Of));
        await Deposits.AssertReconciledAsync(world);
    }

    [SkippableFact]
    public async Task On_Ethereum_another_block_than_was_asked_for_is_not_looked_through()
    {
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), _database, Scratch.Path, extendedKey: Deposits.ExtendedKey);
        await Deposits.PayAsync(world, await Deposits.AddAddressAsync(world), 1_000);
        await world.Chain.MineAsync(Behind);
        var before = await ScannedAsync(Asset.Ethereum);
        using var liar = new NodeProxy((asked, answered) => asked is JsonArray ? Swap(answered) : null);
        Assert.Contains("the node gave block", (await Assert.ThrowsAsync<NodeUnreachableException>(() => world.NewWatcher(handler: liar).WorkAsync(default))).Message, StringComparison.Ordinal);
        Assert.Equal(before, await ScannedAsync(Asset.Ethereum));
        await world.NewWatcher().WorkAsync(default);
        Assert.Equal([(Deposit.Final, 1_000)], (await Deposits.AllAsync(world)).Select(Deposits.Of));
        await Deposits.AssertReconciledAsync(world);
    }

    [SkippableFact]
    public async Task A_block_of_four_megabytes_is_read()
    {
        await bitcoin.MineAsync();
        await using var world = await BitcoinWorld.StartAsync(bitcoin, _database, Scratch.Path);
        // bcoin leaves the rules of taproot to others: a witness of any size spends its outputs.
        var taproot = new Key().PubKey.GetAddress(ScriptPubKeyType.TaprootBIP86, Network.RegTest);
        var funding = Transaction.Parse(await bitcoin.PayAsync(50_000, $"{taproot}"), Network.RegTest);
        await bitcoin.MineAsync();
        var transaction = Network.RegTest.CreateTransaction();
        var coin = funding.Outputs.AsCoins().Single(one => one.ScriptPubKey == taproot.ScriptPubKey);
        transaction.Inputs.Add(new TxIn(coin.Outpoint) { WitScript = new WitScript([new byte[3_998_000]]) });
        transaction.Outputs.Add(Money.Satoshis(40_000), BitcoinAddress.Create(await world.AddAddressAsync(), Network.RegTest));
        await bitcoin.MineTransactionAsync(transaction.ToHex());
        await bitcoin.MineAsync(Behind);
        await world.NewWatcher().WorkAsync(default);
        Assert.Equal(await bitcoin.Chain.HeightAsync(), (await ScannedAsync(Asset.Bitcoin)).Number);
        Assert.Equal([(Deposit.Final, 40_000)], (await world.DepositsAsync()).Select(Deposits.Of));
        await world.AssertReconciledAsync();
    }

    private async Task<BitcoinWorld> StartAsync()
    {
        await bitcoin.MineAsync();
        var world = await BitcoinWorld.StartAsync(bitcoin, _database, Scratch.Path);
        await bitcoin.PayAsync(1_000, await world.AddAddressAsync());
        await bitcoin.MineAsync(Behind);
        return world;
    }

    private async Task AssertRefusedAsync(BitcoinWorld world, NodeProxy liar)
    {
        var before = await ScannedAsync(Asset.Bitcoin);
        Assert.Contains("the node gave something else for block", (await Assert.ThrowsAsync<NodeUnreachableException>(() => world.NewWatcher(network: liar).WorkAsync(default))).Message, StringComparison.Ordinal);
        Assert.Equal(before, await ScannedAsync(Asset.Bitcoin));
        await AssertFoundAsync(world);
    }

    private static async Task AssertFoundAsync(BitcoinWorld world)
    {
        await world.NewWatcher().WorkAsync(default);
        Assert.Equal([(Deposit.Final, 1_000)], (await world.DepositsAsync()).Select(Deposits.Of));
        await world.AssertReconciledAsync();
    }

    private async Task<BlockReference> ScannedAsync(string chain) => (await _database.ReadAsync(session => session.ScannedAsync(chain)))!;

    private static JsonObject Result(JsonNode call, JsonNode result) => new() { ["id"] = call["id"]!.DeepClone(), ["result"] = result, ["error"] = null };

    private static HttpResponseMessage Swap(JsonNode answered)
    {
        var answers = answered.DeepClone().AsArray();
        (answers[0]!["result"], answers[1]!["result"]) = (answers[1]!["result"]!.DeepClone(), answers[0]!["result"]!.DeepClone());
        return NodeProxy.Json(answers);
    }

    /// <param name="change">An answer in place of that of a call; null: it stays.</param>
    private static HttpResponseMessage Each(JsonNode asked, JsonNode answered, Func<JsonNode, JsonNode, JsonNode?> change) => NodeProxy.Json(asked is JsonArray calls
        ? new JsonArray([.. calls.Zip(answered.AsArray(), (call, answer) => change(call!, answer!) ?? answer!.DeepClone())])
        : change(asked, answered) ?? answered.DeepClone());
}
