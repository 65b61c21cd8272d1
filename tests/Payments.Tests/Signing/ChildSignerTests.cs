using HaCluster.Payments.Amounts;
using HaCluster.Payments.Sending;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;
using Coin = HaCluster.Payments.Wallets.Coin;

namespace HaCluster.Payments.Tests.Signing;

/// <summary>A service that is somebody else's asks for children: the signer makes none but those of its own payments, which pay the wallet and stay within the largest fee.</summary>
public sealed class ChildSignerTests : IDisposable
{
    private const long Change = 590_000;

    private static readonly string Seed = new('6', 64);
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

    private readonly Scratch _scratch = new();
    private readonly LocalSigner _signer;

    public ChildSignerTests() => _signer = BitcoinWorld.OpenSigner(_scratch.Path, Seed);

    public void Dispose()
    {
        _signer.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task It_signs_a_child_of_its_own_payment_again_and_with_another_fee()
    {
        var parent = await PayAsync("trf_1");
        var child = Transaction.Parse((await _signer.SignAsync(Order("trf_1", $"{parent}:1"), default)).Raw, Network.RegTest);
        Assert.Equal((1, 1, $"{parent}-1"), (child.Inputs.Count, child.Outputs.Count, $"{child.Inputs[0].PrevOut}"));
        await _signer.SignAsync(Order("trf_1", $"{parent}:1"), default);
        await _signer.SignAsync(Order("trf_1", $"{parent}:1", fee: 30_000), default);
        // The largest fee is 100000, of which the payment takes 10000.
        await _signer.SignAsync(Order("trf_1", $"{parent}:1", fee: 90_000), default);
        await RefusedAsync("above-fee-limit", Order("trf_1", $"{parent}:1", fee: 90_001));
    }

    [Fact]
    public async Task It_spends_nothing_but_the_change_of_a_payment_that_it_signed_for_the_same_transfers()
    {
        var (parent, other) = (await PayAsync("trf_1"), await PayAsync("trf_2", coin: 'b'));
        var child = (await _signer.SignAsync(Order("trf_1", $"{parent}:1"), default)).Txid;
        foreach (var (owner, outpoint) in new[]
        {
            ("trf_1", $"{parent}:0"), ("trf_1", $"{parent}:2"), ("trf_1", $"{new string('a', 64)}:0"), ("trf_1", $"{new string('c', 64)}:1"), ("trf_1", $"{other}:1"), ("trf_2", $"{parent}:1"), ("trf_3", $"{parent}:1"),
            // A child of a child, which spends no change of a payment.
            ("trf_1", $"{child}:0"),
        })
        {
            await RefusedAsync("not-change", Order(owner, outpoint));
        }

        await RefusedAsync("other-transfers", Order("trf_1", $"{parent}:1") with { Shares = [new ChildShare("trf_1", "10000"), new ChildShare("trf_2", "10000")] });
        await RefusedAsync("no-such-key", Order("trf_1", $"{parent}:1") with { Key = "cold" });
    }

    [Fact]
    public async Task What_it_has_agreed_never_to_spend_it_does_not_and_what_it_has_signed_it_does_not_forswear()
    {
        var (first, second) = ($"{await PayAsync("trf_1")}:1", $"{await PayAsync("trf_2", coin: 'b')}:1");
        await _signer.ForswearAsync(ForswornOrder.OfChildren("hot", first), default);
        await RefusedAsync(SignerJournal.Forsworn, Order("trf_1", first));
        await _signer.SignAsync(Order("trf_2", second), default);
        Assert.Equal(SignerJournal.AlreadySigned, (await Assert.ThrowsAsync<SigningRefusedException>(() => _signer.ForswearAsync(ForswornOrder.OfChildren("hot", second), default))).Code);
        await _signer.SignAsync(Order("trf_2", second), default);
    }

    [Fact]
    public async Task A_cancellation_has_no_child()
    {
        var cancellation = await PayAsync("trf_1", Attempt.Cancellation);
        await RefusedAsync("not-change", Order("trf_1", $"{cancellation}:0", coin: 990_000));
    }

    [Fact]
    public async Task It_pays_a_change_address_of_the_wallet_and_nobody_else()
    {
        var parent = await PayAsync("trf_1");
        var foreign = BitcoinAddress.Create(BitcoinWorld.Destination(Seed, 1), Network.RegTest).ScriptPubKey;
        var receiving = Account.Derive(new KeyPath("0/5")).Neuter().PubKey;
        await RefusedAsync("not-the-order", Order("trf_1", $"{parent}:1", change: psbt => Pay(psbt, (570_000, foreign))));
        await RefusedAsync("not-the-order", Order("trf_1", $"{parent}:1", change: psbt => Pay(psbt, (400_000, Own(9)), (170_000, foreign))));
        await RefusedAsync("not-the-order", Order("trf_1", $"{parent}:1", change: psbt => Pay(psbt, (400_000, Own(9)), (170_000, Own(10)))));
        await RefusedAsync("not-the-order", Order("trf_1", $"{parent}:1", change: psbt =>
        {
            var paid = Pay(psbt, (570_000, receiving.GetScriptPubKey(ScriptPubKeyType.Segwit)));
            paid.Outputs[0].HDKeyPaths[receiving] = new RootedKeyPath(Account.GetPublicKey().GetHDFingerPrint(), new KeyPath("0/5"));
            return paid;
        }));
        // A change address that is somebody else's.
        await RefusedAsync("not-the-order", Order("trf_1", $"{parent}:1", change: psbt =>
        {
            var paid = Pay(psbt, (570_000, foreign));
            paid.Outputs[0].HDKeyPaths[Account.Derive(new KeyPath("1/9")).Neuter().PubKey] = new RootedKeyPath(Account.GetPublicKey().GetHDFingerPrint(), new KeyPath("1/9"));
            return paid;
        }));
        // Two coins: the change, and one that no transfer has.
        var two = BitcoinTransactions.Build(Wallet, Networks.Development, [], new BitcoinPlan([Of($"{parent}:1", Change), Of($"{new string('d', 64)}:0", 1_000_000)], 20_000, 1_570_000), Target).ToBase64();
        await RefusedAsync("not-the-order", Order("trf_1", $"{parent}:1") with { Psbt = two });
    }

    [Fact]
    public async Task What_it_costs_is_borne_by_the_transfers_to_the_satoshi()
    {
        var parent = await PayAsync("trf_1");
        var order = Order("trf_1", $"{parent}:1");
        await RefusedAsync("not-the-order", order with { Shares = [new ChildShare("trf_1", "19999")] });
        await RefusedAsync("not-a-transfer", order with { Shares = [new ChildShare("trf_1", "10000"), new ChildShare("trf_1", "10000")] });
        await RefusedAsync("not-a-transfer", order with { Shares = [new ChildShare("trf_1", "-20000")] });
        await RefusedAsync("not-a-transfer", order with { Shares = [] });
    }

    [Fact]
    public async Task Change_that_a_child_spends_is_no_transfers_and_the_other_way_round()
    {
        var (first, second) = (await PayAsync("trf_1"), await PayAsync("trf_2", coin: 'b'));
        await _signer.SignAsync(Order("trf_1", $"{first}:1"), default);
        var spends = await Assert.ThrowsAsync<SigningRefusedException>(() => PayAsync("trf_3", outpoint: $"{first}:1", amount: Change));
        Assert.Equal("input-used", spends.Code);
        await PayAsync("trf_4", outpoint: $"{second}:1", amount: Change, fee: 2000);
        await RefusedAsync("input-used", Order("trf_2", $"{second}:1"));
    }

    [Fact]
    public async Task The_kill_switch_holds_and_what_is_refused_leaves_nothing_behind()
    {
        var parent = await PayAsync("trf_1");
        await File.WriteAllTextAsync(_scratch.At(LocalSigner.StopFile), "");
        await RefusedAsync("kill-switch", Order("trf_1", $"{parent}:1"));
        File.Delete(_scratch.At(LocalSigner.StopFile));
        await RefusedAsync("above-fee-limit", Order("trf_1", $"{parent}:1", fee: 95_000));
        // The change is free for a transfer.
        await PayAsync("trf_3", outpoint: $"{parent}:1", amount: Change, fee: 2000);
    }

    private static WalletAddress Target { get; } = AddressAt(9);

    private static WalletAddress AddressAt(long position) =>
        new() { Id = "adr_1", Wallet = "wal_1", Branch = WalletAddress.Change, Position = position, Address = Wallet.AddressAt(Networks.Development, WalletAddress.Change, position) };

    private static Script Own(long position) => BitcoinAddress.Create(AddressAt(position).Address, Network.RegTest).ScriptPubKey;

    private static Coin Of(string outpoint, long amount) => new() { Outpoint = outpoint, Wallet = "wal_1", Branch = WalletAddress.Change, Position = 3, Amount = amount };

    /// <summary>Signs a payment of 400000 satoshi, or its cancellation, that costs 10000.</summary>
    /// <returns>Its txid; output 1 is its change, at position 3.</returns>
    private async Task<string> PayAsync(string id, string purpose = Attempt.Payment, char coin = 'a', string? outpoint = null, long amount = 1_000_000, long fee = 10_000)
    {
        var transfer = new Transfer
        {
            Id = id,
            Wallet = "wal_1",
            Chain = Asset.Bitcoin,
            Asset = Asset.Bitcoin,
            FeeAsset = Asset.Bitcoin,
            Destination = BitcoinWorld.Destination(Seed, 1),
            Amount = amount == 1_000_000 ? 400_000 : 1000,
            MaxFee = 50_000,
            State = TransferState.Approved,
            CreatedBy = "test",
        };
        var isPaid = purpose == Attempt.Payment;
        var plan = new BitcoinPlan([Of(outpoint ?? $"{new string(coin, 64)}:0", amount)], fee, amount - fee - (isPaid ? (long)transfer.Amount : 0));
        var psbt = BitcoinTransactions.Build(Wallet, Networks.Development, isPaid ? [transfer] : [], plan, AddressAt(3));
        var payment = new OrderedPayment(id, purpose, transfer.Destination, Amount.Write(transfer.Amount), $"{fee}");
        return (await _signer.SignAsync(new BitcoinOrder("hot", id, [payment], psbt.ToBase64()), default)).Txid;
    }

    /// <summary>As the sender makes it.</summary>
    private static BitcoinChildOrder Order(string owner, string outpoint, long fee = 20_000, long coin = Change, Func<PSBT, PSBT>? change = null)
    {
        var psbt = BitcoinTransactions.Build(Wallet, Networks.Development, [], new BitcoinPlan([Of(outpoint, coin)], fee, coin - fee), Target);
        return new BitcoinChildOrder("hot", owner, [new ChildShare(owner, $"{fee}")], (change?.Invoke(psbt) ?? psbt).ToBase64());
    }

    /// <summary>The same inputs, other outputs.</summary>
    private static PSBT Pay(PSBT psbt, params (long Amount, Script Script)[] outputs)
    {
        var transaction = psbt.GetGlobalTransaction();
        transaction.Outputs.Clear();
        foreach (var (amount, script) in outputs)
            transaction.Outputs.Add(Money.Satoshis(amount), script);
        var changed = PSBT.FromTransaction(transaction, Network.RegTest);
        changed.Inputs[0].WitnessUtxo = psbt.Inputs[0].WitnessUtxo;
        foreach (var (key, path) in psbt.Inputs[0].HDKeyPaths)
            changed.Inputs[0].HDKeyPaths[key] = path;
        for (var position = 9; position <= 10; position++)
        {
            foreach (var output in changed.Outputs.Where(output => output.ScriptPubKey == Own(position)))
                output.HDKeyPaths[Account.Derive(new KeyPath($"1/{position}")).Neuter().PubKey] = new RootedKeyPath(Account.GetPublicKey().GetHDFingerPrint(), new KeyPath($"1/{position}"));
        }

        return changed;
    }

    private async Task RefusedAsync(string code, BitcoinChildOrder order) => Assert.Equal(code, (await Assert.ThrowsAsync<SigningRefusedException>(() => _signer.SignAsync(order, default))).Code);
}
