using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using NBitcoin;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>A store, a signer and a sender of Bitcoin, over the node of the tests.</summary>
internal sealed class BitcoinWorld : IAsyncDisposable
{
    public static readonly BigInteger MaxFee = 100_000;

    private readonly StringWriter _log = new();
    private readonly List<IDisposable> _connections = [];

    private BitcoinWorld(BitcoinRegtest chain, Database database, string folder, string seed) => (Chain, Database, Folder, Seed) = (chain, database, folder, seed);

    public BitcoinRegtest Chain { get; }

    public Database Database { get; }

    public string Folder { get; }

    public string Seed { get; }

    public Wallet Wallet { get; private set; } = null!;

    public string Script => Wallet.Script;

    public long FirstHeight { get; private set; }

    public string Log => _log.ToString();

    public static ExtKey Account(string seed) => ExtKey.CreateFromSeed(Convert.FromHexString(seed)).Derive(new KeyPath("84'/1'/0'"));

    /// <summary>Nobody has its key: there is none, and no time goes into deriving one.</summary>
    public static string Destination(string seed, int number) =>
        new WitKeyId(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{number}"))[..20]).GetAddress(Network.RegTest).ToString();

    public static LocalSigner OpenSigner(string folder, string seed, IEnumerable<string>? allowed = null, string script = ScriptKind.Bip84)
    {
        const string limit = "1000000000000";
        var policy = new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [Asset.Bitcoin] = new() { PerTransfer = limit, PerDay = limit, ApproveAbove = limit, MaxFee = Amount.Write(MaxFee) } } };
        var key = new SignerKey("hot", Asset.Bitcoin, null, null, (allowed ?? Enumerable.Range(0, 20).Select(number => Destination(seed, number))).ToImmutableHashSet(), policy);
        return new LocalSigner([(key, null, new BitcoinAccount(Account(seed), script, Network.RegTest))], folder, Networks.Development, TimeProvider.System);
    }

    /// <summary>With a wallet, and the head of the chain as the first block that was looked through.</summary>
    public static async Task<BitcoinWorld> StartAsync(BitcoinRegtest chain, Database database, string folder, string script = ScriptKind.Bip84, bool isCold = false)
    {
        var seed = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var world = new BitcoinWorld(chain, database, folder, seed)
        {
            Wallet = new Wallet { Id = "wal_1", Chain = Asset.Bitcoin, Name = "hot", Script = script, SigningKey = isCold ? null : "hot", IsCold = isCold, ExtendedKey = Account(seed).Neuter().ToString(Network.RegTest), GapLimit = 20 },
            FirstHeight = await chain.Chain.HeightAsync(),
        };
        await database.ChangeAsync(session => session.AddWalletAsync(world.Wallet, "test", DateTimeOffset.UtcNow));
        using var signer = world.OpenSigner();
        await world.NewSender(signer).WorkAsync(world.Wallet, default);
        return world;
    }

    public LocalSigner OpenSigner(IEnumerable<string>? allowed = null) => OpenSigner(Folder, Seed, allowed, Script);

    public IChainSender NewSender(ISigner? signer, IFaultPoints? faults = null, HttpMessageHandler? network = null, DepositRules? rules = null, SenderOptions? options = null) =>
        NewSender(Database, Chain.Url, signer, faults ?? NoFaults.Instance, _log, _connections, network, rules, options);

    public static IChainSender NewSender(Database database, Uri url, ISigner? signer, IFaultPoints faults, TextWriter log, List<IDisposable> connections, HttpMessageHandler? network = null, DepositRules? rules = null, SenderOptions? options = null)
    {
        rules ??= new DepositRules();
        var client = new NodeClient(url, network);
        connections.Add(client);
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Synchronized(log), TimeProvider.System, "subject"), "1");
        var node = new BitcoinNode(client, Network.RegTest);
        var context = new SenderContext(database, signer, Networks.Development, metrics, faults, TimeProvider.System, options ?? new SenderOptions(), rules);
        return new WatchingSender(NewWatcher(database, node, rules, faults, log), new BitcoinSender(context, node));
    }

    public ChainWatcher NewWatcher(DepositRules? rules = null, IFaultPoints? faults = null, HttpMessageHandler? network = null) =>
        NewWatcher(Database, NewNode(network), rules ?? new DepositRules(), faults ?? NoFaults.Instance, _log);

    public static ChainWatcher NewWatcher(Database database, BitcoinNode node, DepositRules rules, IFaultPoints faults, TextWriter log)
    {
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Synchronized(log), TimeProvider.System, "subject"), "1");
        return new ChainWatcher(new BitcoinReader(database, node, Networks.Development), null, new WatcherContext(database, metrics, faults, TimeProvider.System, rules));
    }

    public BitcoinNode NewNode(HttpMessageHandler? network = null)
    {
        var client = new NodeClient(Chain.Url, network);
        _connections.Add(client);
        return new BitcoinNode(client, Network.RegTest);
    }

    public async Task<string> AddAddressAsync() => (await Database.ChangeAsync(async session => await session.AddAddressAsync(
        (await session.WalletAsync(Wallet.Id, forUpdate: true))!, Networks.Development, WalletAddress.Receiving, null, null, null, "test", DateTimeOffset.UtcNow))).Address;

    /// <summary>The node says that books and coins agree.</summary>
    public async Task AssertReconciledAsync()
    {
        Assert.Empty(await Database.ReadAsync(session => session.AuditAsync()));
        var (results, _) = await ReconcileAsync(Database, NewNode(), _log);
        Assert.Equal(0, Assert.Single(results).Difference);
    }

    public static async Task<(IReadOnlyList<ReconciliationResult> Results, string Metrics)> ReconcileAsync(Database database, BitcoinNode node, TextWriter log)
    {
        var metrics = new PaymentsMetrics(new EventLog(log, TimeProvider.System, "subject"), "1");
        var reconciler = new Reconciler([new BitcoinBalances(database, node, Networks.Development)], database, metrics, TimeProvider.System);
        var asked = await database.ChangeAsync(session => session.RequestReconciliationAsync(Asset.Bitcoin, "test", DateTimeOffset.UtcNow));
        await Assert.Single(await reconciler.PartsAsync(default)).WorkAsync(default);
        Assert.Empty(await reconciler.PartsAsync(default));
        using var text = new MemoryStream();
        await metrics.WriteAsync(text, default);
        return (await database.ReadAsync(session => session.ResultsAsync(asked.Id)), System.Text.Encoding.UTF8.GetString(text.ToArray()));
    }

    /// <summary>Coins on addresses of the wallet, in a block.</summary>
    /// <returns>The transaction that made them.</returns>
    public async Task<string> FundAsync(int coins, long amount)
    {
        var addresses = new List<string>();
        for (var number = 0; number < coins; number++)
            addresses.Add(await AddAddressAsync());
        var transaction = await Chain.FundAsync(amount, [.. addresses]);
        await Chain.MineAsync();
        return transaction;
    }

    /// <summary>From now on the wallet pays several transfers by one transaction.</summary>
    public async Task BatchAsync(int most, int waitSeconds = 0)
    {
        await Database.ChangeAsync(session => session.SetBatchingAsync(Wallet.Id, new BatchingRule(most, TimeSpan.FromSeconds(waitSeconds)), "test", DateTimeOffset.UtcNow));
        Wallet = (await Database.ReadAsync(session => session.WalletAsync(Wallet.Id)))!;
    }

    public async Task<Transfer> AddAsync(int destination, BigInteger amount, BigInteger? maxFee = null, string? id = null)
    {
        var now = DateTimeOffset.UtcNow;
        var transfer = new Transfer
        {
            Id = id ?? $"trf_{destination:d4}",
            Wallet = Wallet.Id,
            Chain = Asset.Bitcoin,
            Asset = Asset.Bitcoin,
            FeeAsset = Asset.Bitcoin,
            Destination = Destination(Seed, destination),
            Amount = amount,
            MaxFee = maxFee ?? MaxFee,
            State = TransferState.Created,
            CreatedBy = "test",
        };
        await Database.ChangeAsync(async session =>
        {
            // As the service does before it takes them.
            await session.AddDestinationAsync(Wallet.Id, transfer.Destination, null, "test", now);
            await session.CreateAsync(transfer, now);
            await session.MoveAsync(transfer, TransferEvent.Approve, "test", now);
        });
        return transfer;
    }

    public async Task<Transfer> TransferAsync(string id) => (await Database.ReadAsync(session => session.TransferAsync(id)))!;

    /// <summary>How it ended, or where it is.</summary>
    public async Task<TransferState> StateAsync(Transfer transfer) => (await TransferAsync(transfer.Id)).State;

    public Task<IReadOnlyList<Attempt>> AttemptsAsync(string id) => Database.ReadAsync(session => session.AttemptsAsync(id));

    public Task<BigInteger> BalanceAsync(string account) => Database.ReadAsync(session => session.BalanceAsync(account, Asset.Bitcoin));

    public Task<IReadOnlyList<Deposit>> DepositsAsync() => Database.ReadAsync(session => session.DepositsAsync(Wallet.Id, null, 100));

    public Task AskAsync(Transfer transfer, string kind, long attempt = 0) => Database.ChangeAsync(session => session.RequestAsync(transfer, kind, attempt, "operator", DateTimeOffset.UtcNow));

    public async Task FinishAsync(IChainSender sender)
    {
        for (var round = 0; (await Database.ReadAsync(session => session.OpenTransfersAsync(Wallet.Id, 1000))).Count > 0; round++)
        {
            Assert.True(round < 60, $"transfers did not end: {Log}");
            await sender.WorkAsync(Wallet, default);
            await Chain.MineAsync();
        }
    }

    /// <summary>Everybody got what was meant for them once, and the books are what the wallet's unspent coins sum to.</summary>
    public async Task AssertPaidOnceAsync(IReadOnlyDictionary<int, BigInteger> payments)
    {
        foreach (var (destination, amount) in payments)
            Assert.Equal((destination, amount), (destination, await Chain.ReceivedAsync(Destination(Seed, destination), FirstHeight)));
        Assert.Empty(await Database.ReadAsync(session => session.AuditAsync()));
        Assert.Equal(0, await BalanceAsync(HaCluster.Payments.Books.Account.Reserved(Wallet.Id)));
        var unspent = await Database.ReadAsync(session => session.UnspentCoinsAsync(Wallet.Id));
        Assert.Equal(unspent.Aggregate(BigInteger.Zero, (sum, coin) => sum + coin.Amount), await BalanceAsync(HaCluster.Payments.Books.Account.Available(Wallet.Id)) + await BalanceAsync(HaCluster.Payments.Books.Account.Incoming(Wallet.Id)));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            connection.Dispose();
        _log.Dispose();
        return ValueTask.CompletedTask;
    }
}
