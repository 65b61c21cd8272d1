using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using NBitcoin;
using NBitcoin.DataEncoders;

namespace HaCluster.Payments.Tests.Measuring;

/// <summary>
/// How long the watchers take: for a block with 1,000 deposits to some of 100,000 addresses, on both chains, and for many blocks of Bitcoin, beside the wallet of bcoin that looks through the same ones. A program and no test:
/// it decides nothing; <c>tests/Benchmarks -- payments</c> runs it.
/// </summary>
internal static class WatchingMeasurement
{
    public const string Command = "measure-watching";

    private const int Addresses = 100_000;
    private const int Deposits = 1_000;
    private const int Rounds = 6;

    /// <param name="arguments">File of an SQLite database that is not there yet, or a connection string of PostgreSQL; blocks to look through.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var store, var count])
            throw new ArgumentException("write a database and a number of blocks");
        var blocks = int.Parse(count, CultureInfo.InvariantCulture);
        await using Database database = store.Contains('=', StringComparison.Ordinal) ? new PostgreSqlDatabase(store) : new SqliteDatabase(store);
        await database.MigrateAsync(default);
        var chain = new BitcoinRegtest { WalletPort = Waiting.FreePort() };
        await chain.InitializeAsync();
        try
        {
            var wallet = new Wallet { Id = "wal_1", Chain = Asset.Bitcoin, Name = "bitcoin", Script = ScriptKind.Bip84, ExtendedKey = BitcoinWorld.Account(new string('0', 64)).Neuter().ToString(Network.RegTest), GapLimit = 20 };
            await DepositsAsync(database, chain, await AddAddressesAsync(database, wallet));
            await BlocksAsync(database, chain, blocks);
        }
        finally
        {
            await chain.DisposeAsync();
        }

        await DepositsAsync(database);
        return 0;
    }

    private static async Task DepositsAsync(Database database, BitcoinRegtest chain, string[] addresses)
    {
        using var client = new NodeClient(chain.Url);
        var stored = new BlockStored();
        var watcher = BitcoinWorld.NewWatcher(database, new BitcoinNode(client, Network.RegTest), new DepositRules(), stored, TextWriter.Null);
        await watcher.WorkAsync(default);
        var times = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            var transaction = Transaction.Parse(await chain.FundAsync(1_000, addresses), Network.RegTest).GetHash().ToString();
            await Waiting.UntilAsync("the node has it", async () => (await chain.Chain.CallAsync("getrawmempool")).EnumerateArray().Any(txid => txid.GetString() == transaction));
            // Half of the rounds have seen the deposits before.
            if (round % 2 == 0)
                await watcher.WorkAsync(default);
            await chain.MineAsync();
            var began = Stopwatch.GetTimestamp();
            await watcher.WorkAsync(default);
            times.Add(Stopwatch.GetElapsedTime(began, stored.At).TotalSeconds);
            var deposits = await database.ReadAsync(session => session.GetAsync<long>("select count(*) from deposits where txid = @transaction and height is not null", new { transaction }));
            if (deposits != Deposits)
                throw new InvalidOperationException($"{deposits} of {Deposits} deposits of {transaction} are in a block; the pool has {await chain.Chain.CallAsync("getrawmempool")}");
        }

        Write($"deposits {Asset.Bitcoin}", times);
    }

    /// <summary>The same on Ethereum, one transaction for each.</summary>
    private static async Task DepositsAsync(Database database)
    {
        var wallet = new Wallet { Id = "wal_2", Chain = Asset.Ethereum, Name = "ethereum", Script = ScriptKind.None, ExtendedKey = Scanning.Deposits.ExtendedKey, GapLimit = 20 };
        using var chain = await EthereumWorld.StartChainAsync();
        await chain.MineAsync(4);
        var addresses = await AddAddressesAsync(database, wallet);
        using var client = new NodeClient(chain.Url);
        var stored = new BlockStored();
        var watcher = EthereumWorld.NewWatcher(database, new EthereumNode(client), new DepositRules(), stored, TimeProvider.System, TextWriter.Null);
        await watcher.WorkAsync(default);
        var times = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var address in addresses)
                await chain.CallAsync("eth_sendTransaction", new { from = Scanning.Deposits.Payer, to = address, value = "0x3e8", gas = "0x5208" });
            if (round % 2 == 0)
                await watcher.WorkAsync(default);
            await chain.MineAsync();
            var began = Stopwatch.GetTimestamp();
            await watcher.WorkAsync(default);
            times.Add(Stopwatch.GetElapsedTime(began, stored.At).TotalSeconds);
            var deposits = await database.ReadAsync(session => session.GetAsync<long>("select count(*) from deposits where chain = @Ethereum and height is not null", new { Asset.Ethereum }));
            if (deposits != round * Deposits)
                throw new InvalidOperationException($"{deposits} of {round * Deposits} Ethereum deposits are in blocks");
        }

        Write($"deposits {Asset.Ethereum}", times);
    }

    private static async Task BlocksAsync(Database database, BitcoinRegtest chain, int blocks)
    {
        for (var made = 0; made < blocks; made += 100)
            await chain.MineAsync(100);
        using var client = new NodeClient(chain.Url);
        var watcher = BitcoinWorld.NewWatcher(database, new BitcoinNode(client, Network.RegTest), new DepositRules(), NoFaults.Instance, TextWriter.Null);
        var head = await chain.Chain.HeightAsync();
        var clock = Stopwatch.StartNew();
        while ((await database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin)))!.Number < head)
            await watcher.WorkAsync(default);
        var own = clock.Elapsed.TotalSeconds;
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"x:{BitcoinRegtest.Password}")));
        clock.Restart();
        // It answers when it has looked through all blocks for this key, which has nothing. bcoin's regtest has prefixes of its own.
        var key = Encoders.Base58Check.EncodeData([0x5a, .. Enumerable.Repeat((byte)7, 32), 1]);
        using var content = new StringContent($$"""{"method":"importprivkey","params":["{{key}}","",true]}""", Encoding.UTF8, MediaTypeNames.Application.Json);
        using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{chain.WalletPort}/"), content);
        answer.EnsureSuccessStatusCode();
        var wallet = clock.Elapsed.TotalSeconds;
        if ((await answer.Content.ReadAsStringAsync()).Contains("\"error\":{", StringComparison.Ordinal))
            throw new InvalidOperationException("the wallet did not look through the blocks");
        // It begins with the first block of all.
        Write("scan", [own, wallet * blocks / head]);
    }

    private static void Write(string what, IEnumerable<double> seconds) => Console.WriteLine($"{what} {string.Join(' ', seconds.Select(one => one.ToString("0.000", CultureInfo.InvariantCulture)))}");

    /// <returns>Those that get deposits; the others are only there.</returns>
    private static Task<string[]> AddAddressesAsync(Database database, Wallet wallet) => database.ChangeAsync(async session =>
    {
        await session.AddWalletAsync(wallet, "measurement", DateTimeOffset.UtcNow);
        var addresses = new string[Deposits];
        for (var number = 0; number < Addresses; number++)
        {
            var address = number < Deposits ? wallet.AddressAt(Networks.Development, WalletAddress.Receiving, number) : $"not-derived-{wallet.Chain}-{number}";
            if (number < Deposits)
                addresses[number] = address;
            await session.ExecuteAsync(
                "insert into addresses (id, wallet, branch, position, chain, address, created_at) values (@Id, @Wallet, 0, @number, @Chain, @address, 0)",
                new { Id = $"adr_{wallet.Id}_{number}", Wallet = wallet.Id, wallet.Chain, number, address });
        }

        return addresses;
    });

    /// <summary>When a block was stored last, with its deposits: what becomes final in the same round comes after.</summary>
    private sealed class BlockStored : IFaultPoints
    {
        public long At { get; private set; }

        public void Reach(string point)
        {
            if (point == WatchPoint.BlockStored)
                At = Stopwatch.GetTimestamp();
        }
    }
}
