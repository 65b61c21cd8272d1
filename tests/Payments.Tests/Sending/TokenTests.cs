using HaCluster.Payments.Books;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>Tokens of ERC-20 on a chain: the token leaves, and the fee is the chain's coin.</summary>
public sealed class TokenTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task A_token_is_paid_once_and_its_fee_in_the_chains_coin()
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var transfer = await world.AddAsync(1, 300, asset: TestToken.Asset);
        await world.FinishAsync(sender);
        var ended = await world.TransferAsync(transfer.Id);
        Assert.Equal(TransferState.Final, ended.State);
        Assert.Equal((300, 700), (await TestToken.BalanceAsync(world.Chain, EthereumWorld.Destination(1)), await TestToken.BalanceAsync(world.Chain, EthereumWorld.Sender)));
        Assert.Equal(700, await world.Database.ReadAsync(session => session.BalanceAsync(Account.Available(world.Wallet.Id), TestToken.Asset)));
        await world.AssertBooksAsync();
    }

    [SkippableFact]
    public async Task What_the_contract_reverts_costs_the_fee_and_is_not_booked_as_paid()
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var transfer = await world.AddAsync(1, 300, asset: TestToken.Asset);
        await sender.WorkAsync(world.Wallet, default);
        await TestToken.SetBalanceAsync(world.Chain, EthereumWorld.Sender, 299);
        await world.FinishAsync(sender);
        var ended = await world.TransferAsync(transfer.Id);
        Assert.Equal((TransferState.Failed, true), (ended.State, ended.Fee > 0));
        Assert.Equal(0, await TestToken.BalanceAsync(world.Chain, EthereumWorld.Destination(1)));
        Assert.Equal(1000, await world.Database.ReadAsync(session => session.BalanceAsync(Account.Available(world.Wallet.Id), TestToken.Asset)));
        await world.AssertBooksAsync();
    }

    [SkippableFact]
    public async Task A_token_transfer_is_cancelled_without_touching_the_token()
    {
        await using var world = await StartAsync();
        using var signer = world.OpenSigner();
        var sender = world.NewSender(signer);
        var transfer = await world.AddAsync(1, 300, asset: TestToken.Asset);
        await sender.WorkAsync(world.Wallet, default);
        await world.AskAsync(transfer, ChangeRequest.Cancel);
        await world.FinishAsync(sender);
        Assert.Equal(TransferState.Replaced, (await world.TransferAsync(transfer.Id)).State);
        Assert.Equal(1000, await TestToken.BalanceAsync(world.Chain, EthereumWorld.Sender));
        await world.AssertBooksAsync();
    }

    /// <summary>A wallet with a thousand of the token, which its books have.</summary>
    private async Task<EthereumWorld> StartAsync()
    {
        var database = new SqliteDatabase(_scratch.At("payments.db"));
        await database.MigrateAsync(default);
        var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), database, _scratch.Path);
        await TestToken.DeployAsync(world.Chain, EthereumWorld.Sender, 1000);
        await database.ChangeAsync(session => session.PostAsync([BookEntries.Open(world.Wallet.Id, TestToken.Asset, 1000)], world.Clock.GetUtcNow()));
        return world;
    }
}
