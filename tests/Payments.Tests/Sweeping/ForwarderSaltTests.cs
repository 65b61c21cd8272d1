using HaCluster.Payments.Amounts;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Sweeping;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Sweeping;

/// <summary>Salts that nobody outside can compute, and whoever has the secret can.</summary>
[Collection(StoreCollection.Name)]
public sealed class ForwarderSaltTests(PostgreSql postgreSql) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    // By Python's hmac: whoever has the secret finds addresses again without this program.
    [InlineData(0, "71ae4e1d79f559ae5b306ff28c563452521f97ec3708d4d7f82577d73f9e08c0")]
    [InlineData(1, "4d5af7b7265c53ac3718ef233b6ea69123e40c91d1a728c0c819527f21916943")]
    [InlineData(long.MaxValue, "f8a100b6314f66f17af42c41b65802069e9c588320284034c671d97c536d32ec")]
    public void A_salt_is_the_code_of_its_position_under_the_secret(long position, string salt) => Assert.Equal(salt, ForwarderSalt.Of(SweepWorld.Secret, position));

    [SkippableTheory, OnBothStores]
    public async Task Addresses_of_an_earlier_version_and_later_ones_are_swept_together(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var world = await SweepWorld.StartAsync(database, _scratch.Path, isPredictable: true);
        var addresses = new List<string> { await Deposits.AddAddressAsync(world.World), await Deposits.AddAddressAsync(world.World) };
        await database.ChangeAsync(async session => await session.SetSaltSecretAsync((await session.WalletAsync(world.Wallet))!, SweepWorld.Secrets.Seal(world.Wallet, SweepWorld.Secret), "test", DateTimeOffset.UtcNow));
        addresses.AddRange([await Deposits.AddAddressAsync(world.World), await Deposits.AddAddressAsync(world.World)]);
        Assert.Equal(
            [ForwarderSalt.At(0), ForwarderSalt.At(1), ForwarderSalt.Of(SweepWorld.Secret, 2), ForwarderSalt.Of(SweepWorld.Secret, 3)],
            addresses.Select(address => new[] { 0L, 1, 2, 3 }.SelectMany(position => new[] { ForwarderSalt.At(position), ForwarderSalt.Of(SweepWorld.Secret, position) })
                .Single(salt => ForwarderContract.AddressOf(EthereumWorld.Sender, salt) == address)));
        foreach (var address in addresses)
            await Deposits.PayAsync(world.World, address, SweepWorld.Ether);
        await world.FinalizeAsync();
        await world.SetRuleAsync(world.Coin, 4 * SweepWorld.Ether);
        await world.RoundAsync();
        await world.FinalizeAsync();
        Assert.Equal((TransferState.Final, 0), (Assert.Single(await world.TransfersAsync()).State, await world.UnsweptAsync()));
        await world.AssertAgreesAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => database.ChangeAsync(session => session.ExecuteAsync("update addresses set salt = null where position = 2")));
        // An address whose salt is not made would be one that everybody can compute.
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.ChangeAsync(async session => await session.AddAddressAsync(
            (await session.WalletAsync(world.Wallet))!, Networks.Development, WalletAddress.Receiving, null, null, null, "test", DateTimeOffset.UtcNow)));
    }

    [SkippableTheory, OnBothStores]
    public async Task Secrets_are_sealed_with_the_newest_key_and_make_the_same_salts(StoreKind kind)
    {
        const string former = "old-4c1f0d6a2b8e4f7fa3c59d1e6b7080912233445566";
        const string newest = "new-9a8b7c6d5e4f30213243546576879809a1b2c3d4e5";
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var wallet = new Wallet { Id = "wal_1", Chain = Asset.Ethereum, Name = "shop", Script = ScriptKind.None, Sender = EthereumWorld.Sender, SigningKey = "hot", HasForwarders = true, SaltSecret = Secrets(former).Seal("wal_1", SweepWorld.Secret) };
        await database.ChangeAsync(session => session.AddWalletAsync(wallet, "test", DateTimeOffset.UtcNow));
        Assert.Empty(await PartsAsync(former));
        foreach (var part in await PartsAsync($"{newest}\n{former}"))
            await part.WorkAsync(default);
        Assert.Empty(await PartsAsync($"{newest}\n{former}"));
        // The old key is not needed any more, and opens nothing.
        var stored = (await database.ReadAsync(session => session.WalletAsync("wal_1")))!;
        Assert.Equal(ForwarderSalt.Of(SweepWorld.Secret, 0), Secrets(newest).NextSalt(stored));
        Assert.Throws<SealException>(() => Secrets(former).NextSalt(stored));
        Assert.Throws<SealException>(() => new ForwarderSecrets(null).NextSalt(stored));
        await Assert.ThrowsAsync<SealException>(async () => await Assert.Single(await PartsAsync(former)).WorkAsync(default));

        // Not before all replicas can have read the newest key.
        async Task<IReadOnlyList<Payments.Working.WorkPart>> PartsAsync(string keys)
        {
            var clock = new ManualClock(DateTimeOffset.UtcNow);
            var worker = new ForwarderSecretWorker(database, Secrets(keys), clock);
            Assert.Empty(await worker.PartsAsync(default));
            clock.Advance(TimeSpan.FromMinutes(9));
            Assert.Empty(await worker.PartsAsync(default));
            clock.Advance(TimeSpan.FromMinutes(1));
            return await worker.PartsAsync(default);
        }
    }

    private static ForwarderSecrets Secrets(string keys) => new(Reloaded<SealKeys>.Fixed(SealKeys.Parse(keys)));
}
