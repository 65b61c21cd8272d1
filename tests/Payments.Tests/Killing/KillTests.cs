using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using Xunit.Abstractions;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>SIGKILL at every point of a transfer's way, then a new process over what is left: everybody is paid once, and books and chain agree to the unit.</summary>
[Collection(BitcoinCollection.Name)]
public sealed class KillTests(BitcoinRegtest bitcoin, ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Killed = 137;
    private const int Transfers = 3;

    private readonly Scratch _scratch = new();
    private SqliteDatabase _database = null!;

    public static TheoryData<string, int> Points
    {
        get
        {
            var points = new TheoryData<string, int>();
            foreach (var point in FaultPoint.All)
            {
                points.Add(point, 1);
                points.Add(point, Transfers);
            }

            return points;
        }
    }

    public async Task InitializeAsync()
    {
        _database = new SqliteDatabase(_scratch.At("payments.db"));
        await _database.MigrateAsync(default);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Points))]
    public async Task On_Ethereum_everybody_is_paid_once(string point, int time)
    {
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), _database, _scratch.Path);
        var payments = await AddAsync(world.AddAsync);
        await DieAndGoOnAsync([Asset.Ethereum, $"{world.Chain.Url}", _scratch.At("payments.db"), _scratch.Path, "none"], point, time);
        Assert.Equal(Transfers, await world.SentAsync());
        await world.AssertPaidOnceAsync(payments);
    }

    [SkippableTheory]
    [MemberData(nameof(Points))]
    public async Task On_Bitcoin_everybody_is_paid_once(string point, int time)
    {
        await using var world = await BitcoinWorld.StartAsync(bitcoin, _database, _scratch.Path);
        using (var signer = world.OpenSigner())
        {
            await world.FundAsync(Transfers, 1_000_000);
            await bitcoin.MineAsync(5);
            await world.NewSender(signer).WorkAsync(world.Wallet, default);
        }

        var payments = await AddAsync((number, amount) => world.AddAsync(number, amount));
        await DieAndGoOnAsync([Asset.Bitcoin, $"{bitcoin.Url}", _scratch.At("payments.db"), _scratch.Path, world.Seed], point, time);
        await world.AssertPaidOnceAsync(payments);
    }

    private static async Task<Dictionary<int, BigInteger>> AddAsync(Func<int, BigInteger, Task<Transfer>> add)
    {
        var payments = new Dictionary<int, BigInteger>();
        for (var number = 1; number <= Transfers; number++)
        {
            payments[number] = 100_000 + number;
            await add(number, payments[number]);
        }

        return payments;
    }

    private static Task<Dictionary<int, BigInteger>> AddAsync(Func<int, BigInteger, BigInteger?, Task<Transfer>> add) => AddAsync((number, amount) => add(number, amount, null));

    private async Task DieAndGoOnAsync(string[] arguments, string point, int time)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        var killed = await RunAsync([KilledSender.Command, .. arguments, point, $"{time}"]);
        Assert.True(killed.ExitCode == Killed, $"the process was to die at {point} and ended with {killed.ExitCode}: {killed.Text}");
        var before = await AttemptsAsync();
        output.WriteLine($"{point} {time}: {before.Count} of {Transfers} signed when it died");

        var second = await RunAsync([KilledSender.Command, .. arguments, "none", "0"]);
        Assert.True(second.ExitCode == 0, second.Text);
        var after = await AttemptsAsync();
        Assert.Equal(Transfers, after.Count);
        // What was stored before the death is what was paid with.
        Assert.All(before, one => Assert.Contains(after, other => other.Raw == one.Raw));
        foreach (var attempt in after)
        {
            var transfer = (await _database.ReadAsync(session => session.TransferAsync(attempt.Transfer)))!;
            Assert.Equal((TransferState.Final, attempt.Txid), (transfer.State, transfer.Txid));
        }
    }

    private Task<List<Attempt>> AttemptsAsync() => _database.ReadAsync(async session =>
    {
        var attempts = new List<Attempt>();
        for (var number = 1; number <= Transfers; number++)
            attempts.AddRange(await session.AttemptsAsync($"trf_{number:d4}"));
        return attempts;
    });

    /// <summary>This project as a program.</summary>
    internal static Task<Ended> RunAsync(string[] arguments) => Programs.RunAsync(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [typeof(KillTests).Assembly.Location, .. arguments]);
}
