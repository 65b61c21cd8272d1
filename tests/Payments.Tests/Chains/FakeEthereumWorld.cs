using System.Globalization;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Wallets;
using HaCluster.Payments.Working;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Chains;

/// <summary>Wallets with many addresses on a <see cref="FakeEthereum"/>, and replicas whose leases last 30 s by the clock of the test.</summary>
internal sealed class FakeEthereumWorld(Database database) : IDisposable
{
    public const string Token = "0x00000000000000000000000000000000000a11ce";

    private readonly StringWriter _log = new();
    private readonly List<NodeClient> _clients = [];

    public static DepositRules WithToken { get; } = new() { Tokens = [new Asset(Asset.Ethereum, Token)] };

    public FakeEthereum Chain { get; } = new(blocks: 10);

    public ManualClock Clock { get; } = new(DateTimeOffset.UtcNow);

    public Database Database => database;

    public string Log => _log.ToString();

    public static string Address(int wallet, int number) => EthereumAddress.Checksum("0x" + ((wallet * 1_000_000L) + number + 0x1000).ToString("x40", CultureInfo.InvariantCulture));

    public static string Sender(int wallet) => Address(wallet, 999_999);

    public static string Name(int wallet) => $"wal_{wallet:d6}";

    /// <summary>A wallet with addresses, each of which has as much of the token as its number says.</summary>
    public async Task AddWalletAsync(int wallet, int addresses)
    {
        var now = Clock.GetUtcNow();
        for (var number = 1; number <= addresses; number++)
            Chain.Balances[(Token, Address(wallet, number).ToLowerInvariant())] = number;
        await database.ChangeAsync(async session =>
        {
            await session.AddWalletAsync(new Wallet { Id = Name(wallet), Chain = Asset.Ethereum, Name = Name(wallet), Script = ScriptKind.None, SigningKey = Name(wallet), Sender = Sender(wallet) }, "test", now);
            await session.InsertAsync("addresses", Enumerable.Range(1, addresses).Select(number => new
            {
                Id = $"adr_{wallet}_{number:d6}",
                Wallet = Name(wallet),
                Branch = 0L,
                Position = (long)number,
                Chain = Asset.Ethereum,
                Address = Address(wallet, number),
                CreatedAt = now.ToUnixTimeMilliseconds(),
            }));
        });
    }

    public (WorkerLoop Loop, PaymentsMetrics Metrics) NewWatcher(string replica, DepositRules rules)
    {
        var (node, metrics) = New();
        return (Loop(EthereumWorld.NewWatcher(database, node, rules, NoFaults.Instance, Clock, _log), replica, metrics), metrics);
    }

    public (WorkerLoop Loop, PaymentsMetrics Metrics) NewReconciler(string replica, DepositRules rules)
    {
        var (node, metrics) = New();
        return (Loop(new Reconciler([new EthereumBalances(database, node, rules, Clock)], database, metrics, Clock), replica, metrics), metrics);
    }

    public Task<IReadOnlyList<Deposit>> DepositsAsync(string asset = Asset.Ethereum) => database.ReadAsync<IReadOnlyList<Deposit>>(async session => [.. (await session.DepositsAsync(null, null, 1000)).Where(deposit => deposit.Asset == asset)]);

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _log.Dispose();
    }

    private WorkerLoop Loop(IWorker worker, string replica, PaymentsMetrics metrics) => new(worker, new WorkerContext(database, metrics, Clock, replica, TimeSpan.FromSeconds(30)));

    private (EthereumNode Node, PaymentsMetrics Metrics) New()
    {
        var client = new NodeClient(new Uri("http://node.test"), Chain);
        _clients.Add(client);
        return (new EthereumNode(client), new PaymentsMetrics(new EventLog(TextWriter.Synchronized(_log), Clock, "subject"), "1"));
    }
}
