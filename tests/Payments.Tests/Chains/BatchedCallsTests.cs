using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;

namespace HaCluster.Payments.Tests.Chains;

/// <summary>Whatever a node makes of batches, each block is looked through once and each deposit is found.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class BatchedCallsTests(BitcoinRegtest bitcoin) : OwnStore
{
    private const int Behind = 60;

    private Database _database = null!;

    public static TheoryData<string> Answers => ["whole", "in another order", "the first half", "errors for the second half", "an error for all", "a page of a proxy", "too many bytes", "with answers to others"];

    public override async Task InitializeAsync() => _database = await OpenAsync();

    [SkippableTheory]
    [MemberData(nameof(Answers))]
    public async Task On_Bitcoin_deposits_are_found_however_batches_are_answered(string answer)
    {
        await bitcoin.MineAsync();
        await using var world = await BitcoinWorld.StartAsync(bitcoin, _database, Scratch.Path);
        var addresses = new[] { await world.AddAddressAsync(), await world.AddAddressAsync(), await world.AddAddressAsync() };
        await bitcoin.PayAsync(1_000, addresses[0]);
        await bitcoin.MineAsync(Behind / 2);
        await bitcoin.PayAsync(2_000, addresses[1]);
        await bitcoin.MineAsync(Behind / 2);
        // One by one out of the memory pool, which is read in batches too.
        await bitcoin.PayAsync(3_000, addresses[2]);
        await bitcoin.PayAsync(4_000, addresses[2]);
        using var proxy = NewProxy(answer);
        await world.NewWatcher(network: proxy).WorkAsync(default);
        Assert.Equal(await bitcoin.Chain.HeightAsync(), (await _database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin)))!.Number);
        Assert.Equal([(Deposit.Final, 1_000), (Deposit.Final, 2_000), (Deposit.Seen, 3_000), (Deposit.Seen, 4_000)], (await world.DepositsAsync()).Select(Deposits.Of).Order());
        await world.AssertReconciledAsync();
        AssertBounded(answer, proxy, callsPerBlock: 2);
    }

    [SkippableTheory]
    [MemberData(nameof(Answers))]
    public async Task On_Ethereum_deposits_are_found_however_batches_are_answered(string answer)
    {
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), _database, Scratch.Path, extendedKey: Deposits.ExtendedKey);
        var addresses = new[] { await Deposits.AddAddressAsync(world), await Deposits.AddAddressAsync(world) };
        await Deposits.PayAsync(world, addresses[0], 1_000);
        await world.Chain.MineAsync(Behind / 2);
        await Deposits.PayAsync(world, addresses[1], 2_000);
        await world.Chain.MineAsync(Behind / 2);
        using var proxy = NewProxy(answer);
        await world.NewWatcher(handler: proxy).WorkAsync(default);
        Assert.Equal([(Deposit.Final, 1_000), (Deposit.Final, 2_000)], (await Deposits.AllAsync(world)).Select(Deposits.Of).Order());
        await Deposits.AssertReconciledAsync(world);
        AssertBounded(answer, proxy, callsPerBlock: 1);
    }

    [Fact]
    public async Task A_batch_grows_as_long_as_its_answers_fit_and_shrinks_before_they_do_not()
    {
        // A quarter of a megabyte each: a batch is made for 4 MB.
        using var client = new NodeClient(new Uri("http://node.test"), new Answering(call => new JsonObject { ["id"] = call["id"]!.DeepClone(), ["result"] = new string('a', 1 << 18) }));
        var calls = new BatchedCalls(client, "method", 500);
        object[][] all = [.. Enumerable.Range(0, 1000).Select(number => new object[] { number })];
        for (var asked = 0; asked < all.Length;)
            asked += (await calls.AskAsync(all[asked..], _ => false, default)).Count;
        Assert.InRange(calls.Size, 8, 16);
    }

    [Fact]
    public async Task An_error_that_is_the_answer_of_one_call_is_given_to_it_alone()
    {
        using var client = new NodeClient(new Uri("http://node.test"), new Answering(call => (int)call["params"]![0]! % 3 == 0
            ? new JsonObject { ["id"] = call["id"]!.DeepClone(), ["error"] = new JsonObject { ["code"] = -5, ["message"] = "not found" } }
            : new JsonObject { ["id"] = call["id"]!.DeepClone(), ["result"] = call["params"]![0]!.DeepClone() }));
        var answers = await new BatchedCalls(client, "method", 500).AskAsync([.. Enumerable.Range(0, 10).Select(number => new object[] { number })], refusal => refusal.Code == -5, default);
        Assert.Equal([null, 1, 2, null, 4, 5, null, 7, 8, null], answers.Select(answer => answer.Refusal is null ? answer.Result.GetInt32() : (int?)null));
        var refused = await Assert.ThrowsAsync<NodeRefusedException>(() => new BatchedCalls(client, "method", 500).AskAsync([.. Enumerable.Range(0, 10).Select(number => new object[] { number })], _ => false, default));
        Assert.Equal(-5, refused.Code);
    }

    private static NodeProxy NewProxy(string answer) => new((asked, answered) => asked is not JsonArray ? null : answered is not JsonArray answers ? null : answer switch
    {
        "whole" => null,
        "in another order" => NodeProxy.Json(new JsonArray([.. answers.Reverse().Select(one => one!.DeepClone())])),
        "the first half" => NodeProxy.Json(new JsonArray([.. answers.Take((answers.Count + 1) / 2).Select(one => one!.DeepClone())])),
        // As geth does when the answers together are larger than its limit.
        "errors for the second half" => NodeProxy.Json(new JsonArray([.. answers.Select((one, index) => index < answers.Count / 2 ? one!.DeepClone()
            : new JsonObject { ["jsonrpc"] = "2.0", ["id"] = one!["id"]!.DeepClone(), ["error"] = new JsonObject { ["code"] = -32003, ["message"] = "response too large" } })])),
        "an error for all" => NodeProxy.Json(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = null, ["error"] = new JsonObject { ["code"] = -32600, ["message"] = "batch too large" } }),
        "a page of a proxy" => answers.Count > 3 ? NodeProxy.Text("<html>Request Entity Too Large</html>", HttpStatusCode.RequestEntityTooLarge) : null,
        "too many bytes" => answers.Count > 5 ? NodeProxy.Text(answers.ToJsonString() + new string(' ', NodeClient.LargestAnswer)) : null,
        "with answers to others" => NodeProxy.Json(new JsonArray(
        [
            new JsonObject { ["id"] = null, ["result"] = "0x0" }, new JsonObject { ["id"] = 100_000, ["result"] = "0x0" }, JsonValue.Create("nothing"),
            .. answers.Select(one => one!.DeepClone()), answers[^1]!.DeepClone(),
        ])),
        _ => throw new UnreachableException(),
    });

    /// <summary>It asks for several blocks at once where the node gives them, and gives up soon where it does not.</summary>
    private static void AssertBounded(string answer, NodeProxy proxy, int callsPerBlock)
    {
        Assert.True(proxy.Batches > 0, "there was no batch");
        if (answer == "whole")
            Assert.InRange(proxy.Requests, 1, (ReadAhead.Tip * (1 + callsPerBlock)) + 40);
        else if (answer == "an error for all")
            Assert.InRange(proxy.Batches, 1, 30);
    }

    /// <summary>A node that answers each call of a request with a function.</summary>
    private sealed class Answering(Func<JsonNode, JsonNode> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            return NodeProxy.Json(asked is JsonArray calls ? new JsonArray([.. calls.Select(call => answer(call!))]) : answer(asked));
        }
    }
}
