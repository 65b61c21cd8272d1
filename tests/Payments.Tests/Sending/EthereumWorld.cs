using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
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
using HaCluster.Sentinel.Tests.Peers;
using HaCluster.Services;
using Nethereum.Hex.HexConvertors.Extensions;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>A chain, a store, a signer and a sender: all of it real, in one process but for the node.</summary>
internal sealed class EthereumWorld : IAsyncDisposable
{
    /// <summary>The first account of every anvil, whose key everybody knows.</summary>
    public const string Sender = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    public const string Key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    /// <summary>1 gwei a unit of gas over what a payment needs, many times.</summary>
    public static readonly BigInteger MaxFee = BigInteger.Parse("21000000000000000", CultureInfo.InvariantCulture);

    private readonly StringWriter _log = new();
    private readonly List<IDisposable> _connections = [];

    private EthereumWorld(ChainProcess chain, Database database, string folder, TimeProvider clock) => (Chain, Database, Folder, Clock) = (chain, database, folder, clock);

    public ChainProcess Chain { get; }

    public Database Database { get; }

    public string Folder { get; }

    public TimeProvider Clock { get; }

    public Wallet Wallet { get; private set; } = null!;

    public string Log => _log.ToString();

    public TextWriter LogWriter => _log;

    /// <summary>Destinations with an address each that nobody has used.</summary>
    public static string Destination(int number) => Nethereum.Util.AddressUtil.Current.ConvertToChecksumAddress($"0x{number + 0xd0000:x40}");

    /// <summary>London and later, blocks on demand.</summary>
    /// <param name="epoch">A block is final when twice as many are on top of it.</param>
    public static Task<ChainProcess> StartChainAsync(int epoch = 1) => ChainProcess.AnvilAsync(hardfork: "prague", more: ["--slots-in-an-epoch", $"{epoch}"]);

    /// <summary>With a wallet whose opening balance is in the books.</summary>
    /// <param name="isCold">Whether no signer has the key of the wallet.</param>
    /// <param name="saltSecret">Of its forwarders, sealed.</param>
    public static async Task<EthereumWorld> StartAsync(
        ChainProcess chain, Database database, string folder, TimeProvider? clock = null, string? extendedKey = null, bool isCold = false, bool hasForwarders = false, string? saltSecret = null)
    {
        var world = new EthereumWorld(chain, database, folder, clock ?? TimeProvider.System)
        {
            Wallet = new Wallet { Id = "wal_1", Chain = Asset.Ethereum, Name = "hot", Script = ScriptKind.None, SigningKey = isCold ? null : "hot", Sender = Sender, IsCold = isCold, ExtendedKey = extendedKey, HasForwarders = hasForwarders, SaltSecret = saltSecret, GapLimit = 20 },
        };
        await chain.MineAsync(4);
        await database.ChangeAsync(session => session.AddWalletAsync(world.Wallet, "test", world.Clock.GetUtcNow()));
        await world.NewWatcher().WorkAsync(default);
        world.Wallet = (await database.ReadAsync(session => session.WalletAsync(world.Wallet.Id)))!;
        Assert.NotNull(world.Wallet.OpenedBlock);
        return world;
    }

    /// <param name="allowed">Destinations that the signer pays; null: those of the first hundred numbers.</param>
    public static LocalSigner OpenSigner(string folder, TimeProvider clock, IEnumerable<string>? allowed = null)
    {
        var limit = Amount.Write(BigInteger.Pow(10, 24));
        var policy = new PolicyDocument
        {
            Assets = new[] { Asset.Ethereum, TestToken.Asset }.ToDictionary(asset => asset, _ => new AssetLimits { PerTransfer = limit, PerDay = limit, ApproveAbove = limit, MaxFee = Amount.Write(MaxFee) }),
        };
        var key = new SignerKey("hot", Asset.Ethereum, null, null, (allowed ?? Enumerable.Range(0, 100).Select(Destination)).ToImmutableHashSet(), policy);
        return new LocalSigner([(key, new FileEthereumKey(Key.HexToByteArray()), null)], folder, Networks.Development, clock);
    }

    public LocalSigner OpenSigner(IEnumerable<string>? allowed = null) => OpenSigner(Folder, Clock, allowed);

    public EthereumSender NewSender(ISigner? signer, IFaultPoints? faults = null, HttpMessageHandler? handler = null, Database? database = null, SenderOptions? options = null, DepositRules? finality = null)
    {
        var client = new NodeClient(Chain.Url, handler);
        _connections.Add(client);
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Synchronized(_log), Clock, "subject"), "1");
        return new EthereumSender(new SenderContext(database ?? Database, signer, Networks.Development, metrics, faults ?? NoFaults.Instance, Clock, options ?? new SenderOptions(), finality ?? new DepositRules()), new EthereumNode(client));
    }

    public ChainWatcher NewWatcher(DepositRules? rules = null, IFaultPoints? faults = null, HttpMessageHandler? handler = null, Database? database = null)
    {
        var client = new NodeClient(Chain.Url, handler);
        _connections.Add(client);
        return NewWatcher(database ?? Database, new EthereumNode(client), rules ?? new DepositRules(), faults ?? NoFaults.Instance, Clock, _log);
    }

    public static ChainWatcher NewWatcher(Database database, EthereumNode node, DepositRules rules, IFaultPoints faults, TimeProvider clock, TextWriter log)
    {
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Synchronized(log), clock, "subject"), "1");
        var reader = new EthereumReader(database, node, Networks.Development, rules);
        var context = new WatcherContext(database, metrics, faults, clock, rules);
        return new ChainWatcher(reader, new EthereumOpener(node, reader, context), context);
    }

    /// <summary>An approved transfer.</summary>
    public Task<Transfer> AddAsync(int destination, BigInteger amount, BigInteger? maxFee = null, string asset = Asset.Ethereum) =>
        AddAsync($"trf_{destination:d4}", Destination(destination), amount, maxFee, asset);

    public async Task<Transfer> AddAsync(string id, string destination, BigInteger amount, BigInteger? maxFee = null, string asset = Asset.Ethereum)
    {
        var now = Clock.GetUtcNow();
        var transfer = new Transfer
        {
            Id = id,
            Wallet = Wallet.Id,
            Chain = Asset.Ethereum,
            Asset = asset,
            FeeAsset = Asset.Ethereum,
            Destination = destination,
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

    public Task<IReadOnlyList<Attempt>> AttemptsAsync(string id) => Database.ReadAsync(session => session.AttemptsAsync(id));

    public async Task<BigInteger> BalanceAsync(string address)
    {
        var text = (await Chain.CallAsync("eth_getBalance", address, "latest")).GetString()!;
        return BigInteger.Parse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    public async Task<long> SentAsync() => Convert.ToInt64((await Chain.CallAsync("eth_getTransactionCount", Sender, "latest")).GetString(), 16);

    /// <summary>Transactions in the memory pool of the node.</summary>
    public async Task<long> PendingAsync() => Convert.ToInt64((await Chain.CallAsync("txpool_status")).GetProperty("pending").GetString(), 16);

    public Task AskAsync(Transfer transfer, string kind, long attempt = 0) => Database.ChangeAsync(session => session.RequestAsync(transfer, kind, attempt, "operator", Clock.GetUtcNow()));

    /// <summary>Rounds and blocks until nothing is open.</summary>
    public async Task FinishAsync(EthereumSender sender)
    {
        for (var round = 0; (await Database.ReadAsync(session => session.OpenTransfersAsync(Wallet.Id, 1000))).Count > 0; round++)
        {
            Assert.True(round < 50, $"transfers did not end: {Log}");
            await sender.WorkAsync(Wallet, default);
            await Chain.MineAsync();
        }
    }

    /// <summary>Everybody got what was meant for them once, the books are whole and agree with the chain to the unit.</summary>
    public async Task AssertPaidOnceAsync(IReadOnlyDictionary<int, BigInteger> payments)
    {
        foreach (var (destination, amount) in payments)
            Assert.Equal((destination, amount), (destination, await BalanceAsync(Destination(destination))));
        await AssertBooksAsync();
    }

    public async Task AssertBooksAsync()
    {
        Assert.Empty(await Database.ReadAsync(session => session.AuditAsync()));
        Assert.Equal(0, await Database.ReadAsync(session => session.BalanceAsync(Account.Reserved(Wallet.Id), Asset.Ethereum)));
        Assert.Equal(await BalanceAsync(Sender), await Database.ReadAsync(session => session.BalanceAsync(Account.Available(Wallet.Id), Asset.Ethereum)));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            connection.Dispose();
        Chain.Dispose();
        _log.Dispose();
        return ValueTask.CompletedTask;
    }
}
