using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using Xunit.Abstractions;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>SIGKILL at every point of a transfer's way, then a sender that knows only what is left: everybody is paid once, and books and chain agree to the unit.</summary>
public abstract class KillTests : IClassFixture<PostgreSql>, IAsyncLifetime, IDisposable
{
    private protected const int Transfers = 3;

    private readonly PostgreSql _postgreSql;
    private readonly ITestOutputHelper _output;
    private readonly Scratch _scratch = new();
    private Database? _database;

    private protected KillTests(PostgreSql postgreSql, ITestOutputHelper output) => (_postgreSql, _output) = (postgreSql, output);

    /// <summary>At the first transfer and at the last, each on a store.</summary>
    public static TheoryData<string, int, StoreKind> Points
    {
        get
        {
            var points = new TheoryData<string, int, StoreKind>();
            foreach (var point in FaultPoint.All)
            {
                points.Add(point, 1, StoreKind.Sqlite);
                points.Add(point, Transfers, StoreKind.PostgreSql);
            }

            return points;
        }
    }

    private protected Database Database => _database ?? throw new InvalidOperationException("open the store first");

    private protected string Store { get; private set; } = "";

    private protected string Folder => _scratch.Path;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    public void Dispose()
    {
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>This project as a program.</summary>
    internal static Task<Ended> RunAsync(string[] arguments) => Programs.RunAsync(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [typeof(KillTests).Assembly.Location, .. arguments]);

    private protected async Task OpenAsync(StoreKind kind)
    {
        Store = kind == StoreKind.Sqlite ? _scratch.At("payments.db") : await _postgreSql.CreateAsync();
        _database = kind == StoreKind.Sqlite ? new SqliteDatabase(Store) : new PostgreSqlDatabase(Store);
        await _database.MigrateAsync(default);
    }

    private protected static async Task<Dictionary<int, BigInteger>> AddAsync(Func<int, BigInteger, Task<Transfer>> add)
    {
        var payments = new Dictionary<int, BigInteger>();
        for (var number = 1; number <= Transfers; number++)
        {
            payments[number] = 100_000 + number;
            await add(number, payments[number]);
        }

        return payments;
    }

    private protected static Task<Dictionary<int, BigInteger>> AddAsync(Func<int, BigInteger, BigInteger?, string, Task<Transfer>> add) => AddAsync((number, amount) => add(number, amount, null, Asset.Ethereum));

    private protected async Task DieAndGoOnAsync(string[] arguments, string point, int time)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        var killed = await KilledSender.StartAsync([.. arguments, point, $"{time}"]);
        Assert.True(killed.ExitCode == KilledSender.Killed, $"the process was to die at {point} and ended with {killed.ExitCode}: {killed.Text}");
        var before = await AttemptsAsync();
        _output.WriteLine($"{point} {time}: {before.Count} of {Transfers} signed when it died");

        await KilledSender.GoOnAsync(arguments);
        var after = await AttemptsAsync();
        Assert.Equal(Transfers, after.Count);
        // What was stored before the death is what was paid with.
        Assert.All(before, one => Assert.Contains(after, other => other.Raw == one.Raw));
        foreach (var attempt in after)
        {
            var transfer = (await Database.ReadAsync(session => session.TransferAsync(attempt.Transfer)))!;
            Assert.Equal((TransferState.Final, attempt.Txid), (transfer.State, transfer.Txid));
        }
    }

    private protected Task<List<Attempt>> AttemptsAsync() => Database.ReadAsync(async session =>
    {
        var attempts = new List<Attempt>();
        for (var number = 1; number <= Transfers; number++)
            attempts.AddRange(await session.AttemptsAsync($"trf_{number:d4}"));
        return attempts;
    });
}

public sealed class EthereumKillTests(PostgreSql postgreSql, ITestOutputHelper output) : KillTests(postgreSql, output)
{
    [SkippableTheory]
    [MemberData(nameof(Points))]
    public async Task On_Ethereum_everybody_is_paid_once(string point, int time, StoreKind kind)
    {
        await OpenAsync(kind);
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), Database, Folder);
        var payments = await AddAsync(world.AddAsync);
        await DieAndGoOnAsync([Asset.Ethereum, $"{world.Chain.Url}", Store, Folder, $"{Transfers}"], point, time);
        Assert.Equal(Transfers, await world.SentAsync());
        await world.AssertPaidOnceAsync(payments);
    }
}

[Collection(BitcoinKillCollection.Name)]
public sealed class BitcoinKillTests(BitcoinRegtest bitcoin, PostgreSql postgreSql, ITestOutputHelper output) : KillTests(postgreSql, output)
{
    [SkippableTheory]
    [MemberData(nameof(Points))]
    public async Task On_Bitcoin_everybody_is_paid_once(string point, int time, StoreKind kind)
    {
        await OpenAsync(kind);
        await using var world = await BitcoinWorld.StartAsync(bitcoin, Database, Folder);
        using (var signer = world.OpenSigner())
        {
            await world.FundAsync(Transfers, 1_000_000);
            await bitcoin.MineAsync(5);
            await world.NewSender(signer).WorkAsync(world.Wallet, default);
        }

        var payments = await AddAsync((number, amount) => world.AddAsync(number, amount));
        await DieAndGoOnAsync([Asset.Bitcoin, $"{bitcoin.Url}", Store, Folder, world.Seed], point, time);
        await world.AssertPaidOnceAsync(payments);
    }
}

[Collection(BitcoinChildCollection.Name)]
public sealed class BitcoinBatchKillTests(BitcoinRegtest bitcoin, PostgreSql postgreSql, ITestOutputHelper output) : KillTests(postgreSql, output)
{
    /// <summary>At a time when one transaction is to pay all of them.</summary>
    public static TheoryData<string, StoreKind> BatchPoints
    {
        get
        {
            var points = new TheoryData<string, StoreKind>();
            foreach (var point in FaultPoint.All)
            {
                points.Add(point, StoreKind.Sqlite);
                points.Add(point, StoreKind.PostgreSql);
            }

            return points;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(BatchPoints))]
    public async Task On_Bitcoin_everybody_of_a_batch_is_paid_once(string point, StoreKind kind)
    {
        await OpenAsync(kind);
        await using var world = await BitcoinWorld.StartAsync(bitcoin, Database, Folder);
        await world.BatchAsync(Transfers, waitSeconds: 3600);
        using (var signer = world.OpenSigner())
        {
            await world.FundAsync(Transfers, 1_000_000);
            await bitcoin.MineAsync(5);
            await world.NewSender(signer).WorkAsync(world.Wallet, default);
        }

        var payments = await AddAsync((number, amount) => world.AddAsync(number, amount));
        await DieAndGoOnAsync([Asset.Bitcoin, $"{bitcoin.Url}", Store, Folder, world.Seed], point, 1);
        Assert.Single((await AttemptsAsync()).Select(attempt => attempt.Txid).Distinct());
        await world.AssertPaidOnceAsync(payments);
    }
}
