using System.Numerics;
using System.Text.Json;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Services;
using NBitcoin;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>A wallet of Bitcoin with a transaction in the memory pool of bcoin, which replaces nothing: there a child is the only way to pay more.</summary>
internal sealed class ChildWorld : IAsyncDisposable
{
    public const long Coin = 1_000_000;

    private ChildWorld(BitcoinWorld world) => (World, Signer, Network) = (world, world.OpenSigner(), new LossyNetwork());

    public BitcoinWorld World { get; }

    public LocalSigner Signer { get; private set; }

    public LossyNetwork Network { get; }

    public IChainSender Sender { get; private set; } = null!;

    public IReadOnlyList<Transfer> Transfers { get; private set; } = [];

    public Transfer Transfer => Transfers[0];

    /// <param name="coins">Of a million satoshi each.</param>
    public static async Task<ChildWorld> StartAsync(BitcoinRegtest chain, Database database, string folder, int transfers = 1, int coins = 1, long amount = 400_000, BigInteger? maxFee = null, DepositRules? rules = null)
    {
        var one = new ChildWorld(await BitcoinWorld.StartAsync(chain, database, folder));
        await one.World.FundAsync(coins, Coin);
        await chain.MineAsync(5);
        one.Sender = one.World.NewSender(one.Signer, network: one.Network, rules: rules);
        await one.RoundAsync();
        if (transfers > 1)
            await one.World.BatchAsync(transfers);
        var added = new List<Transfer>();
        for (var number = 1; number <= transfers; number++)
            added.Add(await one.World.AddAsync(number, amount + number, maxFee));
        one.Transfers = added;
        return one;
    }

    /// <summary>The node has the transaction.</summary>
    public async Task<ChildWorld> SentAsync()
    {
        await RoundAsync();
        await World.Chain.InPoolAsync(Parse((await AttemptsAsync())[^1]));
        return this;
    }

    /// <summary>The node has the transaction, and a child of it.</summary>
    public async Task<ChildWorld> WithChildAsync()
    {
        await SentAsync();
        await World.AskAsync(Transfer, ChangeRequest.Child, 1);
        return await SentAsync();
    }

    public async Task RoundAsync(int rounds = 1)
    {
        for (; rounds > 0; rounds--)
            await Sender.WorkAsync(World.Wallet, default);
    }

    /// <summary>A process that ended, and another one.</summary>
    public void Restart(IFaultPoints? faults = null, SenderOptions? options = null) => Sender = World.NewSender(Signer, faults, Network, options: options);

    public Task FinishAsync() => World.FinishAsync(Sender);

    public Task<IReadOnlyList<Attempt>> AttemptsAsync() => World.AttemptsAsync(Transfer.Id);

    /// <summary>Everybody got what was meant for them once, and a fee that is what the chain took.</summary>
    public async Task AssertPaidAsync(BigInteger fee)
    {
        var ended = await Task.WhenAll(Transfers.Select(transfer => World.TransferAsync(transfer.Id)));
        Assert.All(ended, transfer => Assert.Equal(TransferState.Final, transfer.State));
        Assert.Equal(fee, ended.Aggregate(BigInteger.Zero, (sum, transfer) => sum + transfer.Fee!.Value));
        await AssertReconciledAsync();
        await World.AssertPaidOnceAsync(Transfers.Index().ToDictionary(one => one.Index + 1, one => one.Item.Amount));
    }

    /// <summary>Books and chain agree at the newest block.</summary>
    public async Task AssertReconciledAsync()
    {
        await RoundAsync();
        await World.AssertReconciledAsync();
    }

    public static Transaction Parse(Attempt attempt) => Transaction.Parse(attempt.Raw, NBitcoin.Network.RegTest);

    public async ValueTask DisposeAsync()
    {
        Signer.Dispose();
        Network.Dispose();
        await World.DisposeAsync();
    }
}

/// <summary>The way to a node that gives no estimate of fees, which loses what is sent while it is told to: the node never has it, and the sender believes that it has.</summary>
internal sealed class LossyNetwork() : DelegatingHandler(new SocketsHttpHandler())
{
    public bool Loses { get; set; }

    /// <summary>Transactions that the node does not know, until they are sent again.</summary>
    public HashSet<string> Lost { get; } = [];

    /// <summary>Bytes that it does not take, and says so, as Bitcoin Core does.</summary>
    public HashSet<string> Refused { get; } = [];

    /// <summary>Bytes that were sent, in their order.</summary>
    public List<string> Sent { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var call = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
        var method = call.RootElement.ValueKind == JsonValueKind.Object ? call.RootElement.GetProperty("method").GetString() : null;
        if (method == "estimatefee")
            return Answer("-1");
        if (method == "getrawtransaction" && Lost.Contains(Parameter()))
            return Answer("null", """{"code": -5, "message": "No such mempool transaction"}""");
        if (method != "sendrawtransaction")
            return await base.SendAsync(request, cancellationToken);
        Sent.Add(Parameter());
        if (Refused.Contains(Parameter()))
            return Answer("null", """{"code": -26, "message": "txn-mempool-conflict"}""");
        Lost.Remove(Transaction.Parse(Parameter(), NBitcoin.Network.RegTest).GetHash().ToString());
        return Loses ? Answer("\"00\"") : await base.SendAsync(request, cancellationToken);

        string Parameter() => call.RootElement.GetProperty("params")[0].GetString()!;
    }

    private static HttpResponseMessage Answer(string result, string error = "null") =>
        new(System.Net.HttpStatusCode.OK) { Content = new StringContent($$"""{"result": {{result}}, "error": {{error}}, "id": 1}""") };
}
