using System.Net;
using System.Text.Json;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Scanning;
using NBitcoin;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>Deposits, what addresses expect, and reconciliations over HTTP.</summary>
public sealed class DepositApiTests : IAsyncLifetime
{
    private TestService _service = null!;

    public async Task InitializeAsync() => _service = await TestService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task An_address_shows_what_of_the_expected_amount_has_come_and_a_deposit_whether_it_was_late()
    {
        var (wallet, address) = await AddAddressAsync(""" {"expected":"100","expiresAt":"2026-03-01T13:00:00Z"} """);
        Assert.Equal(("100", "bitcoin", "none"), Shown(address));
        await ArriveAsync(wallet, address, 1, 60, late: false);
        Assert.Equal("partial", Shown(await AddressAsync(wallet)).Payment);
        await ArriveAsync(wallet, address, 2, 40, late: true);
        var paid = await AddressAsync(wallet);
        Assert.Equal("full", Shown(paid).Payment);
        Assert.Equal("100", paid.GetProperty("received").GetProperty("bitcoin").GetString());
        await ArriveAsync(wallet, address, 3, 1, late: true);
        Assert.Equal("over", Shown(await AddressAsync(wallet)).Payment);

        var deposits = (await _service.GetAsync($"/v1/deposits?wallet={wallet}&state=confirmed")).GetProperty("deposits").EnumerateArray().ToArray();
        Assert.Equal([false, true, true], deposits.Select(deposit => deposit.GetProperty("late").GetBoolean()));
        Assert.Equal((3, "6"), (deposits[0].GetProperty("confirmations").GetInt64(), deposits[0].GetProperty("confirmationsNeeded").GetString()));
        Assert.Empty((await _service.GetAsync("/v1/deposits?state=final")).GetProperty("deposits").EnumerateArray());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _service.SendAsync(HttpMethod.Get, "/v1/deposits?state=paid")).Status);
    }

    [Theory]
    [InlineData(""" {"expected":"0"} """)]
    [InlineData(""" {"expected":"1.5"} """)]
    [InlineData(""" {"expectedAsset":"bitcoin"} """)]
    [InlineData(""" {"expected":"1","expectedAsset":"ethereum"} """)]
    public async Task What_cannot_be_expected_is_refused(string request) =>
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _service.PostAsync($"/v1/wallets/{await AddWalletAsync()}/addresses", request)).Status);

    [Fact]
    public async Task A_reconciliation_is_asked_for_once_and_waits_for_a_node()
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _service.PostAsync("/v1/reconciliations", "{}")).Status);
        var (status, first, _) = await _service.PostAsync("/v1/reconciliations", """{"chain":"bitcoin"}""");
        Assert.Equal((HttpStatusCode.Accepted, "waiting"), (status, first.GetProperty("state").GetString()));
        var second = (await _service.PostAsync("/v1/reconciliations", """{"chain":"bitcoin"}""")).Body;
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.Single((await _service.GetAsync("/v1/reconciliations")).GetProperty("reconciliations").EnumerateArray());
    }

    private static (string? Expected, string? Asset, string? Payment) Shown(JsonElement address) =>
        (address.GetProperty("expected").GetString(), address.GetProperty("expectedAsset").GetString(), address.GetProperty("payment").GetString());

    private async Task<string> AddWalletAsync()
    {
        var key = ExtKey.CreateFromSeed(new byte[32]).Derive(new KeyPath("84'/1'/0'")).Neuter().ToString(Network.RegTest);
        var (status, wallet, _) = await _service.PostAsync("/v1/wallets", $$"""{"name":"watched","chain":"bitcoin","extendedPublicKey":"{{key}}","script":"p2wpkh"}""");
        Assert.Equal(HttpStatusCode.Created, status);
        return wallet.GetProperty("id").GetString()!;
    }

    private async Task<(string Wallet, JsonElement Address)> AddAddressAsync(string request)
    {
        var wallet = await AddWalletAsync();
        var (status, address, _) = await _service.PostAsync($"/v1/wallets/{wallet}/addresses", request);
        Assert.Equal(HttpStatusCode.Created, status);
        return (wallet, address);
    }

    private async Task<JsonElement> AddressAsync(string wallet) => Assert.Single((await _service.GetAsync($"/v1/wallets/{wallet}/addresses")).GetProperty("addresses").EnumerateArray());

    private Task ArriveAsync(string wallet, JsonElement address, int number, int amount, bool late) => _service.Service.Database.ChangeAsync(async session =>
    {
        var text = address.GetProperty("address").GetString()!;
        var to = (await session.OwnAddressesAsync(Asset.Bitcoin, [text]))[text];
        var block = new BlockReference(number, $"block{number}");
        await session.BeginScanAsync(Asset.Bitcoin, number);
        await session.AddBlocksAsync(Asset.Bitcoin, [block]);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(to.ExpiresAt!.Value).AddSeconds(late ? 1 : -1);
        await session.ArriveAsync(Asset.Bitcoin, block, time, [new Payment($"dep_{number}_0", $"{number}", 0, Asset.Bitcoin, amount, to)], new DepositRules(), _service.Clock.GetUtcNow());
    });
}
