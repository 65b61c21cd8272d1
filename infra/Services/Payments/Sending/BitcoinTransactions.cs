using HaCluster.Payments.Signing;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Sending;

/// <summary>Plans as PSBTs (BIP-174), and the check of what the signer made of one.</summary>
internal static class BitcoinTransactions
{
    private const int Version = 2;

    /// <summary>May be replaced (BIP-125).</summary>
    private const uint Replaceable = 0xfffffffd;

    /// <param name="paid">Each has an output, in this order; none: it pays the wallet alone.</param>
    public static PSBT Build(Wallet wallet, Networks networks, IEnumerable<Transfer> paid, BitcoinPlan plan, WalletAddress change)
    {
        var network = networks.Bitcoin;
        var key = ExtendedKey.Of(wallet, networks);
        var type = ScriptKind.Find(wallet.Script)!.Value;
        var transaction = network.CreateTransaction();
        transaction.Version = Version;
        foreach (var coin in plan.Coins)
            transaction.Inputs.Add(new TxIn(OutPoint.Parse(coin.Outpoint)) { Sequence = Replaceable });
        foreach (var transfer in paid)
            transaction.Outputs.Add(Money.Satoshis((long)transfer.Amount), BitcoinAddress.Create(transfer.Destination, network));
        if (!plan.Change.IsZero)
            transaction.Outputs.Add(Money.Satoshis((long)plan.Change), BitcoinAddress.Create(change.Address, network));
        var psbt = PSBT.FromTransaction(transaction, network);
        foreach (var (coin, input) in plan.Coins.Zip(psbt.Inputs))
        {
            var publicKey = key.PublicKey((uint)coin.Branch, (uint)coin.Position);
            input.WitnessUtxo = new TxOut(Money.Satoshis((long)coin.Amount), publicKey.GetScriptPubKey(type));
            if (type == ScriptPubKeyType.SegwitP2SH)
                input.RedeemScript = publicKey.WitHash.ScriptPubKey;
            if (type == ScriptPubKeyType.TaprootBIP86)
                input.TaprootInternalKey = publicKey.TaprootInternalKey;
            input.HDKeyPaths[publicKey] = PathOf(key, coin.Branch, coin.Position);
        }

        if (!plan.Change.IsZero)
            psbt.Outputs[^1].HDKeyPaths[key.PublicKey((uint)WalletAddress.Change, (uint)change.Position)] = PathOf(key, WalletAddress.Change, change.Position);
        return psbt;
    }

    /// <exception cref="SigningRefusedException">These bytes are not the transaction that was ordered, or not signed as its coins ask.</exception>
    public static SignedBytes Check(PSBT ordered, Networks networks, string raw)
    {
        if (!Transaction.TryParse(raw, networks.Bitcoin, out var signed))
            throw new SigningRefusedException("not-the-order", "the signer gave bytes that are not a transaction");
        var expected = ordered.GetGlobalTransaction();
        var isSame = signed.Version == expected.Version && signed.LockTime == expected.LockTime
            && signed.Inputs.Select(input => (input.PrevOut, input.Sequence)).SequenceEqual(expected.Inputs.Select(input => (input.PrevOut, input.Sequence)))
            && signed.Outputs.Select(output => (output.Value, output.ScriptPubKey)).SequenceEqual(expected.Outputs.Select(output => (output.Value, output.ScriptPubKey)));
        if (!isSame)
            throw new SigningRefusedException("not-the-order", "the signer gave another transaction than was ordered");
        var validator = signed.CreateValidator([.. ordered.Inputs.Select(input => input.WitnessUtxo)]);
        for (var index = 0; index < signed.Inputs.Count; index++)
        {
            if (validator.ValidateInput(index) is { Error: { } error } && error != ScriptError.OK)
                throw new SigningRefusedException("not-the-order", $"the signature of input {index} is wrong: {error}");
        }

        return new SignedBytes(raw, signed.GetHash().ToString());
    }

    /// <summary>Relative to the account, which is all that the service knows.</summary>
    private static RootedKeyPath PathOf(ExtendedKey key, long branch, long position) => new(key.Fingerprint, new KeyPath((uint)branch, (uint)position));
}
