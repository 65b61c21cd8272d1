using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Tests.Measuring;

/// <summary>
/// How long the watcher of Bitcoin takes: for a block with 1,000 deposits to some of 100,000 addresses, and for many blocks, beside the wallet of bcoin that looks through the same ones. A program and no test: it
/// decides nothing.
/// </summary>
internal static class WatchingMeasurement
{
    public const string Command = "measure-watching";

    private const int Addresses = 100_000;
    private const int Deposits = 1_000;
    private const int Rounds = 5;

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
            var addresses = await AddAddressesAsync(database);
            await DepositsAsync(database, chain, addresses);
            await LookupsAsync(database, addresses);
            await BlocksAsync(database, chain, blocks);
        }
        finally
        {
            await chain.DisposeAsync();
        }

        return 0;
    }

    private static async Task DepositsAsync(Database database, BitcoinRegtest chain, string[] addresses)
    {
        using var client = new NodeClient(chain.Url);
        var watcher = NewWatcher(database, client);
        await watcher.WorkAsync(default);
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var transaction = Transaction.Parse(await chain.FundAsync(1_000, addresses), Network.RegTest).GetHash().ToString();
            await Waiting.UntilAsync("the node has it", async () => (await chain.Chain.CallAsync("getrawmempool")).EnumerateArray().Any(txid => txid.GetString() == transaction));
            // Half of the rounds have seen the deposits before.
            if (round % 2 == 1)
                await watcher.WorkAsync(default);
            await chain.MineAsync();
            var clock = Stopwatch.StartNew();
            await watcher.WorkAsync(default);
            times.Add(clock.Elapsed.TotalSeconds);
        }

        Console.WriteLine($"{database.Description}: {Deposits} deposits in a block, {Addresses} addresses: stored {string.Join(", ", times.Select(time => time.ToString("0.00", CultureInfo.InvariantCulture)))} s after the block (every other one was seen before)");
    }

    private static async Task LookupsAsync(Database database, string[] addresses)
    {
        var asked = addresses.Concat(Enumerable.Range(0, 2_000).Select(number => $"foreign-{number}")).ToArray();
        var clock = Stopwatch.StartNew();
        await database.ReadAsync(session => session.OwnAddressesAsync(Asset.Bitcoin, asked));
        var byIndex = clock.Elapsed.TotalMilliseconds;
        clock.Restart();
        var all = (await database.ReadAsync(session => session.ListAsync<string>("select address from addresses where chain = 'bitcoin'"))).ToHashSet(StringComparer.Ordinal);
        var load = clock.Elapsed.TotalMilliseconds;
        clock.Restart();
        var found = asked.Count(all.Contains);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{asked.Length} outputs looked up by the index in {byIndex:0.0} ms; a set in memory: {load:0.0} ms to load, {clock.Elapsed.TotalMilliseconds:0.0} ms to look up ({found} found)"));
    }

    private static async Task BlocksAsync(Database database, BitcoinRegtest chain, int blocks)
    {
        for (var made = 0; made < blocks; made += 100)
            await chain.MineAsync(100);
        using var client = new NodeClient(chain.Url);
        var watcher = NewWatcher(database, client);
        var head = await chain.Chain.HeightAsync();
        var clock = Stopwatch.StartNew();
        while ((await database.ReadAsync(session => session.ScannedAsync(Asset.Bitcoin)))!.Number < head)
            await watcher.WorkAsync(default);
        var own = clock.Elapsed.TotalSeconds;
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"x:{BitcoinRegtest.Password}")));
        clock.Restart();
        using var content = new StringContent($$"""{"height":{{head - blocks}}}""", Encoding.UTF8, MediaTypeNames.Application.Json);
        using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{chain.WalletPort}/rescan"), content);
        answer.EnsureSuccessStatusCode();
        var wallet = clock.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{blocks} blocks: {own:0.0} s ({blocks / own:0} a second); bcoin's wallet {wallet:0.0} s: ratio {own / wallet:0.00}"));
    }

    private static ChainWatcher NewWatcher(Database database, NodeClient client)
    {
        var metrics = new PaymentsMetrics(new Services.EventLog(TextWriter.Null, TimeProvider.System, "subject"), "1");
        return new ChainWatcher(
            new BitcoinReader(database, new BitcoinNode(client, Network.RegTest), Networks.Development), null, new WatcherContext(database, metrics, NoFaults.Instance, TimeProvider.System, new DepositRules()));
    }

    /// <returns>Those that get deposits; the others are only there.</returns>
    private static Task<string[]> AddAddressesAsync(Database database) => database.ChangeAsync(async session =>
    {
        var key = ExtKey.CreateFromSeed(new byte[32]).Derive(new KeyPath("84'/1'/0'")).Neuter().ToString(Network.RegTest);
        var wallet = new Wallet { Id = "wal_1", Chain = Asset.Bitcoin, Name = "watched", Script = ScriptKind.Bip84, ExtendedKey = key, GapLimit = 20 };
        await session.AddWalletAsync(wallet, "measurement", DateTimeOffset.UtcNow);
        var addresses = new string[Deposits];
        for (var number = 0; number < Addresses; number++)
        {
            var address = number < Deposits ? wallet.AddressAt(Networks.Development, WalletAddress.Receiving, number) : $"bcrt1q-not-derived-{number}";
            if (number < Deposits)
                addresses[number] = address;
            await session.ExecuteAsync(
                "insert into addresses (id, wallet, branch, position, chain, address, created_at) values (@Id, 'wal_1', 0, @number, 'bitcoin', @address, 0)", new { Id = $"adr_{number}", number, address });
        }

        return addresses;
    });
}
