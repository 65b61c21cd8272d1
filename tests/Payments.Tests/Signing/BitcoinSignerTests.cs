using HaCluster.Payments.Amounts;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;
using Coin = HaCluster.Payments.Wallets.Coin;

namespace HaCluster.Payments.Tests.Signing;

/// <summary>The signer reads what it signs: of all that a PSBT can do, one payment of the order and change of its own account.</summary>
public sealed class BitcoinSignerTests : IDisposable
{
    private static readonly string Seed = new('5', 64);
    private static readonly ExtKey Account = BitcoinWorld.Account(Seed);

    private static readonly Wallet Wallet = new()
    {
        Id = "wal_1",
        Chain = Asset.Bitcoin,
        Name = "hot",
        Script = ScriptKind.Bip84,
        SigningKey = "hot",
        ExtendedKey = Account.Neuter().ToString(Network.RegTest),
        GapLimit = 20,
    };

    private static readonly Transfer Transfer = new()
    {
        Id = "trf_1",
        Wallet = "wal_1",
        Chain = Asset.Bitcoin,
        Asset = Asset.Bitcoin,
        FeeAsset = Asset.Bitcoin,
        Destination = BitcoinWorld.Destination(Seed, 1),
        Amount = 400_000,
        MaxFee = 50_000,
        State = TransferState.Approved,
        CreatedBy = "test",
    };

    private static readonly WalletAddress Change = new() { Id = "adr_1", Wallet = "wal_1", Branch = WalletAddress.Change, Position = 3, Address = Wallet.AddressAt(Networks.Development, WalletAddress.Change, 3) };

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task It_signs_the_payment_of_the_order_with_change_and_its_cancellation()
    {
        using var signer = Open();
        Assert.Equal(2, Transaction.Parse((await signer.SignAsync(Order(Build()), default)).Raw, Network.RegTest).Outputs.Count);
        var cancellation = Build(Attempt.Cancellation, change: 990_000);
        Assert.Single(Transaction.Parse((await signer.SignAsync(Order(cancellation, payment => payment with { Purpose = Attempt.Cancellation }), default)).Raw, Network.RegTest).Outputs);
    }

    [Fact]
    public async Task What_pays_something_else_is_not_signed()
    {
        using var signer = Open();
        await RefusedAsync(signer, "not-the-order", Order(Build(), payment => payment with { Amount = "400001" }));
        await RefusedAsync(signer, "not-the-order", Order(Build(), payment => payment with { Destination = BitcoinWorld.Destination(Seed, 2) }));
        await RefusedAsync(signer, "not-the-order", Order(Build(more: [(400_000, Script(Transfer.Destination))], change: 190_000)));
        await RefusedAsync(signer, "not-the-order", Order(Build(more: [(1, Script(BitcoinWorld.Destination(Seed, 2)))], change: 589_999)));
        await RefusedAsync(signer, "not-the-order", Order(Build(), payment => payment with { Purpose = Attempt.Cancellation }));
        await RefusedAsync(signer, "not-a-transfer", Order(Build(), payment => payment with { Purpose = "message" }));
        // Nothing of it is in the journal.
        await signer.SignAsync(Order(Build()), default);
    }

    [Fact]
    public async Task Change_goes_to_addresses_that_the_wallet_can_have()
    {
        using var signer = Open();
        foreach (var path in new[] { "2/0", "1/3/0", "3" })
        {
            var key = Account.Derive(new KeyPath(path)).Neuter().PubKey;
            var psbt = Build(more: [(590_000, key.GetScriptPubKey(ScriptPubKeyType.Segwit))], change: 0);
            psbt.Outputs[1].HDKeyPaths[key] = new RootedKeyPath(Account.GetPublicKey().GetHDFingerPrint(), new KeyPath(path));
            await RefusedAsync(signer, "not-the-order", Order(psbt));
        }

        // A path that is one of them, under somebody else's script.
        var lying = Build(more: [(590_000, Script(BitcoinWorld.Destination(Seed, 2)))], change: 0);
        lying.Outputs[1].HDKeyPaths[Account.Derive(new KeyPath("1/3")).Neuter().PubKey] = new RootedKeyPath(Account.GetPublicKey().GetHDFingerPrint(), new KeyPath("1/3"));
        await RefusedAsync(signer, "not-the-order", Order(lying));
    }

    [Fact]
    public async Task It_spends_coins_of_its_own_account_and_knows_what_they_are()
    {
        using var signer = Open();
        var foreign = Build();
        foreign.Inputs[0].WitnessUtxo = new TxOut(Money.Satoshis(1_000_000), BitcoinAddress.Create(BitcoinWorld.Destination(Seed, 2), Network.RegTest));
        await RefusedAsync(signer, "not-the-order", Order(foreign));
        var unknown = Build();
        unknown.Inputs[0].WitnessUtxo = null;
        await RefusedAsync(signer, "not-the-order", Order(unknown));
    }

    [Fact]
    public async Task Its_own_policy_and_journal_decide()
    {
        using var signer = Open();
        await RefusedAsync(signer, "above-fee-limit", Order(Build(change: 499_999)));
        await RefusedAsync(signer, "no-such-key", Order(Build()) with { Key = "cold" });
        var elsewhere = Transfer with { Destination = BitcoinWorld.Destination(Seed, 99) };
        await RefusedAsync(signer, "destination-not-allowed", Order(Build(transfer: elsewhere), payment => payment with { Destination = elsewhere.Destination }));
        await signer.SignAsync(Order(Build()), default);
        await RefusedAsync(signer, "other-inputs", Order(Build(coin: 'b')));
        await RefusedAsync(signer, "input-used", Order(Build(), payment => payment with { Transfer = "trf_2" }) with { Owner = "trf_2" });
        await File.WriteAllTextAsync(_scratch.At(LocalSigner.StopFile), "");
        await RefusedAsync(signer, "kill-switch", Order(Build()));
    }

    private static async Task RefusedAsync(LocalSigner signer, string code, BitcoinOrder order) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<SigningRefusedException>(() => signer.SignAsync(order, default))).Code);

    private static BitcoinOrder Order(PSBT psbt, Func<OrderedPayment, OrderedPayment>? other = null)
    {
        // Where the PSBT does not say what it spends, the order says what the sender would have meant.
        var fee = psbt.TryGetFee(out var known) ? known.Satoshi : 10_000;
        var payment = new OrderedPayment(Transfer.Id, Attempt.Payment, Transfer.Destination, Amount.Write(Transfer.Amount), Amount.Write(fee));
        return new BitcoinOrder("hot", Transfer.Id, [other is null ? payment : other(payment)], psbt.ToBase64());
    }

    private static Script Script(string address) => BitcoinAddress.Create(address, Network.RegTest).ScriptPubKey;

    /// <summary>As the sender builds it, of one coin of a million; with outputs that it would not have.</summary>
    private static PSBT Build(string purpose = Attempt.Payment, long change = 590_000, (long Amount, Script Script)[]? more = null, char coin = 'a', Transfer? transfer = null)
    {
        var coins = new[] { new Coin { Outpoint = $"{new string(coin, 64)}:0", Wallet = "wal_1", Position = 7, Amount = 1_000_000 } };
        var psbt = BitcoinTransactions.Build(Wallet, Networks.Development, purpose == Attempt.Payment ? [transfer ?? Transfer] : [], new BitcoinPlan(coins, 10_000, change), Change);
        if (more is null)
            return psbt;
        var transaction = psbt.GetGlobalTransaction();
        foreach (var (amount, script) in more)
            transaction.Outputs.Insert(1, new TxOut(Money.Satoshis(amount), script));
        var changed = PSBT.FromTransaction(transaction, Network.RegTest);
        changed.Inputs[0].WitnessUtxo = psbt.Inputs[0].WitnessUtxo;
        foreach (var (key, path) in psbt.Inputs[0].HDKeyPaths)
            changed.Inputs[0].HDKeyPaths[key] = path;
        if (change > 0)
        {
            foreach (var (key, path) in psbt.Outputs[^1].HDKeyPaths)
                changed.Outputs[^1].HDKeyPaths[key] = path;
        }

        return changed;
    }

    private LocalSigner Open() => BitcoinWorld.OpenSigner(_scratch.Path, Seed);
}
