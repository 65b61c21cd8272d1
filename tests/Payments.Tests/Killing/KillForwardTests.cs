using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Forwarding;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Forwarding;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using Xunit.Abstractions;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>
/// SIGKILL at every point of a round of forwarding, one after the other over the same chain and store: each process first goes on with what the one before has left. In the end every round has paid each of
/// its parts once, and books and chain agree to the unit.
/// </summary>
[Collection(BitcoinKillCollection.Name)]
public sealed class KillForwardTests(BitcoinRegtest bitcoin, PostgreSql postgreSql, ITestOutputHelper output) : IClassFixture<PostgreSql>, IAsyncLifetime, IDisposable
{
    private const int Killed = 137;

    private readonly Scratch _scratch = new();
    private Database _database = null!;
    private string _store = "";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task On_Ethereum_every_part_is_paid_once(StoreKind kind)
    {
        await OpenAsync(kind);
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), _database, _scratch.Path);
        var payments = await KillAllAsync(
            [Asset.Ethereum, $"{world.Chain.Url}", _store, _scratch.Path, "none"], world.Wallet, [EthereumWorld.Destination(1), EthereumWorld.Destination(2)], EthereumWorld.MaxFee, BigInteger.Pow(10, 18));
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = payments[EthereumWorld.Destination(1)], [2] = payments[EthereumWorld.Destination(2)] });
    }

    [SkippableTheory, OnBothStores]
    public async Task On_Bitcoin_every_part_is_paid_once(StoreKind kind)
    {
        await OpenAsync(kind);
        await using var world = await BitcoinWorld.StartAsync(bitcoin, _database, _scratch.Path);
        using (var signer = world.OpenSigner())
        {
            await world.FundAsync(3, 1_000_000);
            await bitcoin.MineAsync(5);
            await world.NewSender(signer).WorkAsync(world.Wallet, default);
        }

        var payments = await KillAllAsync(
            [Asset.Bitcoin, $"{bitcoin.Url}", _store, _scratch.Path, world.Seed], world.Wallet, [BitcoinWorld.Destination(world.Seed, 1), BitcoinWorld.Destination(world.Seed, 2)], BitcoinWorld.MaxFee, 1_000_000);
        await world.AssertPaidOnceAsync(new Dictionary<int, BigInteger> { [1] = payments[BitcoinWorld.Destination(world.Seed, 1)], [2] = payments[BitcoinWorld.Destination(world.Seed, 2)] });
    }

    private async Task OpenAsync(StoreKind kind)
    {
        _store = kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : _scratch.At("payments.db");
        _database = kind == StoreKind.PostgreSql ? new PostgreSqlDatabase(_store) : new SqliteDatabase(_store);
        await _database.MigrateAsync(default);
    }

    /// <param name="step">What each round has to forward.</param>
    /// <returns>What each destination is to have got.</returns>
    private async Task<Dictionary<string, BigInteger>> KillAllAsync(string[] arguments, Wallet wallet, string[] destinations, BigInteger maxFee, BigInteger step)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGKILL");
        await AllowAsync(wallet, destinations, maxFee);
        var funds = await _database.ReadAsync(session => session.BalanceAsync(Account.Available(wallet.Id), wallet.Chain));
        await SetAsync(funds - step);
        foreach (var point in FaultPoint.OfForward)
        {
            var killed = await RunAsync([.. arguments, point]);
            var rule = (await _database.ReadAsync(session => session.ForwardingAsync(RuleKey.Of(wallet))))!;
            output.WriteLine($"{point}: round {rule.Round}, {(rule.IsOpen == 1 ? "open" : "not open")}");
            Assert.True(killed.ExitCode == Killed, $"the process was to die at {point} and ended with {killed.ExitCode}: {killed.Text}");
        }

        // And the next round, which nobody interrupts.
        await SetAsync(funds - (2 * step));
        var ended = await RunAsync([.. arguments, "none"]);
        Assert.True(ended.ExitCode == 0, ended.Text);
        var transfers = await _database.ReadAsync(session => session.TransfersAsync(wallet.Id, null, null, 1000));
        Assert.All(transfers, transfer => Assert.Equal(TransferState.Final, transfer.State));
        var rounds = new List<Transfer>();
        for (var round = 1; round <= 2; round++)
        {
            var parts = await _database.ReadAsync(session => session.RoundAsync(RuleKey.Of(wallet), round));
            Assert.Equal(destinations, parts.Select(part => part.Destination));
            rounds.AddRange(parts);
        }

        // No transfer but those of rounds.
        Assert.Equal(transfers.Select(transfer => transfer.Id).Order(), rounds.Select(transfer => transfer.Id).Order());
        Assert.Equal((2, 0), await _database.ReadAsync(session => session.ForwardingAsync(RuleKey.Of(wallet))) is { } last ? ((int)last.Round, (int)last.IsOpen) : default);
        return rounds.GroupBy(transfer => transfer.Destination).ToDictionary(group => group.Key, group => group.Aggregate(BigInteger.Zero, (sum, transfer) => sum + transfer.Amount));

        // The reserve is lower than before, and the interval is over.
        Task SetAsync(BigInteger reserve) => _database.ChangeAsync(async session =>
        {
            await session.SetForwardingAsync(RuleKey.Of(wallet), ForwardingPlanTests.Rule(step / 2, reserve, [(destinations[0], 7000), (destinations[1], 3000)], 500), "test", DateTimeOffset.UtcNow);
            await session.ExecuteAsync("update forwarding_rules set round_at = null");
        });
    }

    private static Task<Ended> RunAsync(string[] arguments) => Programs.RunAsync(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [typeof(KillForwardTests).Assembly.Location, KilledForwarder.Command, .. arguments]);

    private Task AllowAsync(Wallet wallet, string[] destinations, BigInteger maxFee) => _database.ChangeAsync(async session =>
    {
        var limit = Amount.Write(BigInteger.Pow(10, 24));
        foreach (var destination in destinations)
            await session.AddDestinationAsync(wallet.Id, destination, null, "test", DateTimeOffset.UtcNow);
        var limits = new AssetLimits { PerTransfer = limit, PerDay = limit, ApproveAbove = limit, MaxFee = Amount.Write(maxFee) };
        await session.SetPolicyAsync(wallet.Id, new PolicyDocument { Assets = new Dictionary<string, AssetLimits> { [wallet.Chain] = limits }, DelaySeconds = 0 }, "test", DateTimeOffset.UtcNow);
    });
}
