using System.Net;
using System.Text.Json;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Scanning;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;
using Coin = HaCluster.Payments.Wallets.Coin;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>What people ask for when a transaction waits, and what is said at once.</summary>
public sealed class ChildApiTests
{
    private const long Funds = 1_000_000;

    private static readonly string Seed = new('7', 64);

    [Fact]
    public async Task A_child_is_asked_for_once_and_shown_with_its_state()
    {
        await using var service = await TestService.StartAsync();
        var (wallet, transfer) = await SignedAsync(service);
        for (var time = 0; time < 2; time++)
            Assert.Equal(HttpStatusCode.Accepted, (await BumpAsync(service, transfer, """{"method":"cpfp"}""")).Status);
        Assert.Single((await service.GetAsync("/v1/events")).GetProperty("events").EnumerateArray(), one => one.GetProperty("type").GetString() == "transfer.cpfp-requested");

        var change = new Coin { Outpoint = $"{new string('1', 64)}:1", Wallet = wallet.Id, Branch = WalletAddress.Change, Amount = 5000 };
        var child = new Attempt { Transfer = transfer.Id, Number = 2, Parent = 1, Purpose = Attempt.Child, Txid = new string('2', 64), Raw = "00", FeeRate = 6250, MaxFee = 865 };
        await service.Service.Database.ChangeAsync(async session =>
        {
            Assert.True(await session.ReserveForChildAsync(change, transfer.Id));
            await session.AddAttemptAsync(child, service.Clock.GetUtcNow());
        });
        Assert.Equal("signed", await StateAsync());
        await service.Service.Database.ChangeAsync(session => session.MarkBroadcastAsync(child.Txid, service.Clock.GetUtcNow()));
        Assert.Equal("broadcast", await StateAsync());
        await service.Service.Database.ChangeAsync(session => session.ExecuteAsync("update coins set height = 8, spent_by = @Txid, spent_height = 9 where outpoint = @Outpoint", new { child.Txid, change.Outpoint }));
        Assert.Equal("confirmed", await StateAsync());

        async Task<string?> StateAsync()
        {
            var transactions = (await service.GetAsync($"/v1/transfers/{transfer.Id}")).GetProperty("transactions").EnumerateArray().ToArray();
            Assert.False(transactions[0].TryGetProperty("parent", out _));
            Assert.Equal(("child", 1, "865", child.Txid), (
                transactions[1].GetProperty("purpose").GetString(), transactions[1].GetProperty("parent").GetInt32(), transactions[1].GetProperty("maxFee").GetString(), transactions[1].GetProperty("txid").GetString()));
            return transactions[1].GetProperty("state").GetString();
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"method":"replacement"}""")]
    public async Task Without_a_method_it_is_a_replacement(string? body)
    {
        await using var service = await TestService.StartAsync();
        var (_, transfer) = await SignedAsync(service);
        Assert.Equal(HttpStatusCode.Accepted, (await BumpAsync(service, transfer, body)).Status);
        Assert.Single((await service.GetAsync("/v1/events")).GetProperty("events").EnumerateArray(), one => one.GetProperty("type").GetString() == "transfer.bump-requested");
    }

    [Theory]
    // All but what the first transaction costs: 710 satoshi.
    [InlineData(Funds - 710, 50_000, "no-change")]
    [InlineData(Funds - 710 - 600, 50_000, "change-too-small")]
    [InlineData(400_000, 800, "above-fee-limit")]
    [InlineData(400_000, 822, null)]
    public async Task What_no_child_can_help_is_said_at_once(long amount, long maxFee, string? code)
    {
        await using var service = await TestService.StartAsync();
        var (_, transfer) = await SignedAsync(service, amount, maxFee);
        var (status, body) = await BumpAsync(service, transfer, """{"method":"cpfp"}""");
        Assert.Equal(code is null ? (HttpStatusCode.Accepted, null) : (HttpStatusCode.Conflict, code), (status, CodeOf(body)));
    }

    [Fact]
    public async Task What_has_no_child_is_refused()
    {
        await using var service = await TestService.StartAsync();
        var (_, transfer) = await SignedAsync(service);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await BumpAsync(service, transfer, """{"method":"rbf"}""")).Status);
        await service.Service.Database.ChangeAsync(session => session.RequestAsync(transfer, ChangeRequest.Cancel, 0, "test", service.Clock.GetUtcNow()));
        Assert.Equal((HttpStatusCode.Conflict, "cancel-requested"), await RefusedAsync(transfer));

        var (_, cold) = await SignedAsync(service, isCold: true, seed: new string('8', 64));
        Assert.Equal((HttpStatusCode.Conflict, "cold-child"), await RefusedAsync(cold));
        var waiting = cold with { Id = "trf_waiting" };
        await service.Service.Database.ChangeAsync(session => session.CreateAsync(waiting, service.Clock.GetUtcNow()));
        Assert.Equal((HttpStatusCode.Conflict, "nothing-to-replace"), await RefusedAsync(waiting));

        async Task<(HttpStatusCode, string?)> RefusedAsync(Transfer asked)
        {
            var (status, body) = await BumpAsync(service, asked, """{"method":"cpfp"}""");
            return (status, CodeOf(body));
        }
    }

    private static string? CodeOf(JsonElement body) => body.TryGetProperty("type", out var type) ? type.GetString()!.Split(':')[^1] : null;

    private static async Task<(HttpStatusCode Status, JsonElement Body)> BumpAsync(TestService service, Transfer transfer, string? body)
    {
        var (status, answer, _) = await service.SendAsync(HttpMethod.Post, $"/v1/transfers/{transfer.Id}/bump", body);
        return (status, answer);
    }

    /// <summary>A transfer whose transaction is stored, as the sender does it, of one coin of a million.</summary>
    private static async Task<(Wallet Wallet, Transfer Transfer)> SignedAsync(TestService service, long amount = 400_000, long maxFee = 50_000, bool isCold = false, string? seed = null)
    {
        seed ??= Seed;
        var wallet = new Wallet
        {
            Id = $"wal_{seed[0]}",
            Chain = Asset.Bitcoin,
            Name = $"bitcoin {seed[0]}",
            Script = ScriptKind.Bip84,
            SigningKey = isCold ? null : "hot",
            IsCold = isCold,
            ExtendedKey = BitcoinWorld.Account(seed).Neuter().ToString(Network.RegTest),
            GapLimit = 20,
        };
        var transfer = new Transfer
        {
            Id = $"trf_{seed[0]}",
            Wallet = wallet.Id,
            Chain = Asset.Bitcoin,
            Asset = Asset.Bitcoin,
            FeeAsset = Asset.Bitcoin,
            Destination = BitcoinWorld.Destination(seed, 1),
            Amount = amount,
            MaxFee = maxFee,
            State = TransferState.Created,
            CreatedBy = "test",
        };
        var now = service.Clock.GetUtcNow();
        await service.Service.Database.ChangeAsync(async session =>
        {
            await session.AddWalletAsync(wallet, "test", now);
            await session.PostAsync([BookEntries.Open(wallet.Id, Asset.Bitcoin, 10 * Funds)], now);
            await session.CreateAsync(transfer, now);
            var approved = (await session.MoveAsync(transfer, TransferEvent.Approve, "test", now))!;
            var change = await session.AddAddressAsync((await session.WalletAsync(wallet.Id))!, Networks.Development, WalletAddress.Change, transfer.Id, null, null, "test", now);
            var plan = BitcoinPlan.Of([new Coin { Outpoint = $"{new string(seed[0], 64)}:0", Wallet = wallet.Id, Amount = Funds }], amount, 5000, 50_000, wallet.Script, 22, 22)!;
            var transaction = BitcoinTransactions.Build(wallet, Networks.Development, [transfer], plan, change).GetGlobalTransaction();
            await session.AddAttemptAsync(
                new Attempt { Transfer = transfer.Id, Number = 1, Purpose = Attempt.Payment, Txid = $"{transaction.GetHash()}", Raw = transaction.ToHex(), FeeRate = 5000, MaxFee = plan.Fee }, now);
            await session.MoveAsync(approved, TransferEvent.Sign, "test", now);
        });
        return (wallet, transfer);
    }
}
