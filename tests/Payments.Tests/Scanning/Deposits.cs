using System.Globalization;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Sweeping;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using NBitcoin;

namespace HaCluster.Payments.Tests.Scanning;

/// <summary>What tests of deposits on Ethereum do to the chain, and ask of the store.</summary>
internal static class Deposits
{
    /// <summary>The second account of every anvil, which pays.</summary>
    public const string Payer = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    public const string Token = "0x00000000000000000000000000000000000a11ce";
    public const string TokenAsset = $"{Asset.Ethereum}/{Token}";

    public static string ExtendedKey { get; } = ExtKey.CreateFromSeed([.. Enumerable.Range(1, 16).Select(number => (byte)number)]).Derive(new KeyPath("44'/60'/0'")).Neuter().ToString(Network.RegTest);

    public static (string State, BigInteger Amount) Of(Deposit deposit) => (deposit.State, deposit.Amount);

    public static async Task<string> PayAsync(EthereumWorld world, string address, BigInteger amount, int gas = 21_000, int tip = 1, string? nonce = null)
    {
        var transaction = new Dictionary<string, string>
        {
            ["from"] = Payer,
            ["to"] = address,
            ["value"] = EthereumNode.Hex(amount),
            ["gas"] = EthereumNode.Hex(gas),
            ["maxPriorityFeePerGas"] = EthereumNode.Hex(tip * BigInteger.Pow(10, 9)),
            ["maxFeePerGas"] = EthereumNode.Hex(tip * 10 * BigInteger.Pow(10, 9)),
        };
        if (nonce is not null)
            transaction["nonce"] = nonce;
        return (await world.Chain.CallAsync("eth_sendTransaction", transaction)).GetString()!;
    }

    public static Task PayTokenAsync(EthereumWorld world, string address, int amount) => world.Chain.CallAsync(
        "eth_sendTransaction", new { from = Payer, to = Token, gas = "0x30d40", data = "0xa9059cbb" + address[2..].ToLowerInvariant().PadLeft(64, '0') + amount.ToString("x64", CultureInfo.InvariantCulture) });

    public static Task SetTokenAsync(EthereumWorld world, string address, int amount) =>
        world.Chain.CallAsync("anvil_setStorageAt", Token, "0x" + address[2..].ToLowerInvariant().PadLeft(64, '0'), "0x" + amount.ToString("x64", CultureInfo.InvariantCulture));

    public static async Task<string> AddAddressAsync(EthereumWorld world, string? wallet = null) => (await world.Database.ChangeAsync(async session =>
    {
        var found = (await session.WalletAsync(wallet ?? world.Wallet.Id, forUpdate: true))!;
        return await session.AddAddressAsync(found, Networks.Development, WalletAddress.Receiving, null, null, null, "test", DateTimeOffset.UtcNow, salt: SweepWorld.Secrets.NextSalt(found));
    })).Address;

    public static Task<IReadOnlyList<Deposit>> AllAsync(EthereumWorld world) => world.Database.ReadAsync(session => session.DepositsAsync(world.Wallet.Id, null, 100));

    public static Task<IReadOnlyList<StoredEvent>> EventsAsync(EthereumWorld world) => world.Database.EventsAsync(0, 1000);

    public static Task<BigInteger> BalanceAsync(EthereumWorld world, string account, string asset = Asset.Ethereum) => world.Database.ReadAsync(session => session.BalanceAsync(account, asset));

    public static async Task<BigInteger> OpeningAsync(EthereumWorld world) =>
        (await world.Database.ReadAsync(session => session.PostingsAsync(0, 1000))).Single(posting => posting.Cause == $"wallet/{world.Wallet.Id}/opening/{Asset.Ethereum}").Amount;

    public static async Task AssertReconciledAsync(EthereumWorld world, DepositRules? rules = null)
    {
        Assert.Empty(await world.Database.ReadAsync(session => session.AuditAsync()));
        var (results, _) = await ReconcileAsync(world, rules ?? new DepositRules());
        Assert.NotEmpty(results);
        Assert.All(results, result => Assert.Equal((result.Asset, 0), (result.Asset, result.Difference)));
    }

    public static async Task<(IReadOnlyList<ReconciliationResult> Results, string Metrics)> ReconcileAsync(EthereumWorld world, DepositRules rules)
    {
        using var client = new NodeClient(world.Chain.Url);
        var metrics = new PaymentsMetrics(new EventLog(world.LogWriter, TimeProvider.System, "subject"), "1");
        var reconciler = new Reconciler([new EthereumBalances(world.Database, new EthereumNode(client), rules, TimeProvider.System)], world.Database, metrics, TimeProvider.System);
        var asked = await world.Database.ChangeAsync(session => session.RequestReconciliationAsync(Asset.Ethereum, "test", DateTimeOffset.UtcNow));
        await Assert.Single(await reconciler.PartsAsync(default)).WorkAsync(default);
        Assert.Empty(await reconciler.PartsAsync(default));
        using var text = new MemoryStream();
        await metrics.WriteAsync(text, default);
        return (await world.Database.ReadAsync(session => session.ResultsAsync(asked.Id)), System.Text.Encoding.UTF8.GetString(text.ToArray()));
    }
}
