using System.Collections.Concurrent;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Sweeping;

/// <summary>A wallet with forwarders on a real chain, with all that works on it.</summary>
internal sealed class SweepWorld : IAsyncDisposable
{
    public static readonly DepositRules Rules = new() { Tokens = [new Asset(Asset.Ethereum, Deposits.Token)] };

    public static readonly BigInteger Ether = BigInteger.Pow(10, 18);

    /// <summary>What the salts of the wallet's forwarders are made from.</summary>
    public static readonly string Secret = new('5', 64);

    public static readonly ForwarderSecrets Secrets = new(Reloaded<SealKeys>.Fixed(SealKeys.Parse("of-the-tests-4c1f0d6a2b8e4f7fa3c59d1e6b7080")));

    private readonly ConcurrentBag<IDisposable> _connections = [];

    private SweepWorld(EthereumWorld world) => World = world;

    public EthereumWorld World { get; }

    public string Wallet => World.Wallet.Id;

    public RuleKey Coin => new(Wallet, Asset.Ethereum, RuleKey.Sweep);

    public RuleKey Token => new(Wallet, Deposits.TokenAsset, RuleKey.Sweep);

    public ChainWatcher Watcher { get; private set; } = null!;

    public EthereumSender Sender { get; private set; } = null!;

    /// <param name="isDeployed">Whether the contract of forwarders is on the chain.</param>
    /// <param name="isCold">Whether no signer has the key of the wallet.</param>
    /// <param name="isPredictable">Whether the wallet is of an earlier version, in which positions were salts.</param>
    public static async Task<SweepWorld> StartAsync(Database database, string folder, bool isDeployed = true, bool isCold = false, bool isPredictable = false)
    {
        var chain = await EthereumWorld.StartChainAsync();
        if (isDeployed)
            await chain.DeployForwardersAsync();
        await chain.CallAsync("anvil_setCode", Deposits.Token, Contracts.Token);
        var world = new SweepWorld(await EthereumWorld.StartAsync(chain, database, folder, isCold: isCold, hasForwarders: true, saltSecret: isPredictable ? null : Secrets.Seal("wal_1", Secret)));
        await Deposits.SetTokenAsync(world.World, Deposits.Payer, 1_000_000);
        world.Watcher = world.World.NewWatcher(Rules);
        var signer = OpenSigner(folder, TimeProvider.System);
        world._connections.Add(signer);
        world.Sender = world.World.NewSender(signer);
        await world.AllowAsync(EthereumWorld.MaxFee * 100);
        await world.Watcher.WorkAsync(default);
        return world;
    }

    /// <summary>What sweeps the address at a position, as whoever has the secret knows.</summary>
    /// <param name="token">Null: of ether.</param>
    public static string SweepData(long position, string? token = null) => ForwarderContract.SweepData(EthereumWorld.Sender, [ForwarderSalt.Of(Secret, position)], token);

    /// <summary>It may pay nobody: only sweeps go out.</summary>
    public static LocalSigner OpenSigner(string folder, TimeProvider clock)
    {
        var limit = Amount.Write(BigInteger.Pow(10, 24));
        var limits = new AssetLimits { PerTransfer = limit, PerDay = limit, ApproveAbove = limit, MaxFee = Amount.Write(EthereumWorld.MaxFee * 100) };
        var policy = new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [Asset.Ethereum] = limits, [Deposits.TokenAsset] = limits } };
        return new LocalSigner(
            [(new SignerKey("hot", Asset.Ethereum, null, null, [], policy), new FileEthereumKey(Convert.FromHexString(EthereumWorld.Key)), null)], folder, Networks.Development, clock);
    }

    public Task AllowAsync(BigInteger maxFee) => World.Database.ChangeAsync(session =>
    {
        var limit = Amount.Write(BigInteger.Pow(10, 24));
        var limits = new AssetLimits { PerTransfer = limit, PerDay = limit, ApproveAbove = limit, MaxFee = Amount.Write(maxFee) };
        return session.SetPolicyAsync(Wallet, new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [Asset.Ethereum] = limits, [Deposits.TokenAsset] = limits }, DelaySeconds = 0 }, "test", DateTimeOffset.UtcNow);
    });

    public Task SetRuleAsync(RuleKey key, BigInteger threshold, BigInteger? smallest = null, BigInteger? maxFee = null) => World.Database.ChangeAsync(session => session.SetForwardingAsync(
        key,
        new ForwardingRule
        {
            Threshold = Amount.Write(threshold),
            IntervalSeconds = 1,
            Smallest = smallest is { } least ? Amount.Write(least) : null,
            MaxFeeShare = key.Asset == Asset.Ethereum ? 100 : null,
            MaxFee = key.Asset == Asset.Ethereum ? null : Amount.Write(maxFee ?? EthereumWorld.MaxFee * 100),
        },
        "test",
        DateTimeOffset.UtcNow));

    /// <summary>A round of the worker of rules; the interval is over.</summary>
    public async Task RoundAsync(IFaultPoints? faults = null, Database? database = null)
    {
        var client = new NodeClient(World.Chain.Url);
        _connections.Add(client);
        await World.Database.ChangeAsync(session => session.ExecuteAsync("update forwarding_rules set round_at = null"));
        await RoundAsync(database ?? World.Database, new EthereumNode(client), faults ?? NoFaults.Instance, World.LogWriter);
    }

    public static async Task RoundAsync(Database database, EthereumNode node, IFaultPoints faults, TextWriter log)
    {
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Synchronized(log), TimeProvider.System, "subject"), "1");
        foreach (var part in await new ForwardingWorker(database, [new EthereumForwarding(node)], new EthereumSweeping(node), metrics, faults, TimeProvider.System).PartsAsync(default))
            await part.WorkAsync(default);
    }

    /// <summary>Blocks until what is in the last one is final, and all that works on it.</summary>
    public async Task FinalizeAsync()
    {
        for (var block = 0; block < 4; block++)
        {
            await World.Chain.MineAsync();
            await Watcher.WorkAsync(default);
            await Sender.WorkAsync(World.Wallet, default);
        }
    }

    public async Task<StoredForwarding> RuleAsync(RuleKey key) => (await World.Database.ReadAsync(session => session.ForwardingAsync(key)))!;

    public Task<IReadOnlyList<Transfer>> TransfersAsync() => World.Database.ReadAsync(session => session.TransfersAsync(Wallet, null, null, 1000));

    public Task<BigInteger> UnsweptAsync(string asset = Asset.Ethereum) => Deposits.BalanceAsync(World, Account.Unswept(Wallet), asset);

    public Task<BigInteger> AvailableAsync(string asset = Asset.Ethereum) => Deposits.BalanceAsync(World, Account.Available(Wallet), asset);

    /// <summary>The books sum to zero and agree with the chain to the unit, and what they call available is what the sender has.</summary>
    public async Task AssertAgreesAsync()
    {
        await Deposits.AssertReconciledAsync(World, Rules);
        if ((await World.Database.ReadAsync(session => session.OpenTransfersAsync(Wallet, 10))).Count == 0)
            Assert.Equal(await World.BalanceAsync(EthereumWorld.Sender), await AvailableAsync());
    }

    public ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            connection.Dispose();
        return World.DisposeAsync();
    }
}
