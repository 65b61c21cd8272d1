using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Tests.Store;

/// <summary>Wallets with something in them, and transfers out of them.</summary>
internal static class TestTransfers
{
    public const string Destination = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static async Task<Wallet> AddWalletAsync(this Database database, string name = "hot", BigInteger? funds = null)
    {
        var wallet = new Wallet
        {
            Id = Ids.New("wal", Now),
            Chain = Asset.Ethereum,
            Name = name,
            Script = ScriptKind.None,
            SigningKey = name,
            Sender = $"0x{name}",
            GapLimit = 20,
        };
        await database.ChangeAsync(async session =>
        {
            await session.AddWalletAsync(wallet, "test", Now);
            if (funds is { } amount)
                await session.PostAsync([BookEntries.Open(wallet.Id, Asset.Ethereum, amount)], Now);
        });
        return wallet;
    }

    public static Transfer Of(Wallet wallet, BigInteger amount, BigInteger? maxFee = null, TransferState state = TransferState.Created, string? id = null) => new()
    {
        Id = id ?? Ids.New("trf", Now),
        Wallet = wallet.Id,
        Chain = Asset.Ethereum,
        Asset = Asset.Ethereum,
        FeeAsset = Asset.Ethereum,
        Destination = Destination,
        Amount = amount,
        MaxFee = maxFee ?? 10,
        State = state,
        CreatedBy = "test",
        CreatedAt = Now.ToUnixTimeMilliseconds(),
        UpdatedAt = Now.ToUnixTimeMilliseconds(),
    };

    public static Attempt Attempt(Transfer transfer, long number = 1, string purpose = Payments.Transfers.Attempt.Payment) => new()
    {
        Transfer = transfer.Id,
        Number = number,
        Purpose = purpose,
        Txid = $"0x{transfer.Id}{number}",
        Raw = "0x02",
        FeeRate = 1,
        MaxFee = 10,
    };

    public static Task<BigInteger> AvailableAsync(this Database database, Wallet wallet) => database.ReadAsync(session => session.BalanceAsync(Account.Available(wallet.Id), Asset.Ethereum));

    public static Task<BigInteger> ReservedAsync(this Database database, Wallet wallet) => database.ReadAsync(session => session.BalanceAsync(Account.Reserved(wallet.Id), Asset.Ethereum));
}
