using System.Numerics;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Signing;

/// <summary>A transaction that was read and found to be a payment.</summary>
/// <param name="Inputs">Outputs that it spends.</param>
internal sealed record BitcoinPayment(PSBT Psbt, IReadOnlyList<string> Inputs, BigInteger Fee);

/// <summary>The key of an account of Bitcoin, such as m/84'/0'/0', with its addresses.</summary>
internal sealed class BitcoinAccount(ExtKey key, string script, Network network)
{
    private readonly ScriptPubKeyType _type = ScriptKind.Find(script) ?? throw new FormatException($"script: choose {ScriptKind.Rule}");

    public string ExtendedPublicKey => key.Neuter().ToString(network);

    /// <summary>Reads a PSBT and makes sure that it pays the amount to the destination and the rest to this account; a cancellation pays this account alone.</summary>
    /// <param name="purpose">See <see cref="Attempt.Purpose"/>.</param>
    /// <exception cref="SigningRefusedException">It does something else.</exception>
    public BitcoinPayment Read(string text, string purpose, string destination, BigInteger amount)
    {
        var psbt = Psbt.Read(text, network);
        var script = BitcoinAddress.Create(destination, network).ScriptPubKey;
        var payments = psbt.Outputs.Where(output => purpose == Attempt.Payment && output.ScriptPubKey == script && output.Value.Satoshi == amount).ToArray();
        if (purpose == Attempt.Payment && payments.Length != 1)
            throw new SigningRefusedException("not-the-order", "psbt does not pay the amount to the destination exactly once");
        foreach (var output in psbt.Outputs)
        {
            if (!payments.Contains(output) && !IsOurs(output.ScriptPubKey, output.HDKeyPaths.Values, output.HDTaprootKeyPaths.Values.Select(path => path.RootedKeyPath)))
                throw new SigningRefusedException("not-the-order", "psbt has an output that is neither the payment nor change of the account");
        }

        foreach (var input in psbt.Inputs)
        {
            if (input.GetTxOut() is not { } coin || !IsOurs(coin.ScriptPubKey, input.HDKeyPaths.Values, input.HDTaprootKeyPaths.Values.Select(path => path.RootedKeyPath)))
                throw new SigningRefusedException("not-the-order", $"psbt spends {input.PrevOut}, which is not the account's, or does not say what it is");
        }

        return psbt.TryGetFee(out var fee) && fee >= Money.Zero
            ? new BitcoinPayment(psbt, [.. psbt.Inputs.Select(input => $"coin {input.PrevOut}")], fee.Satoshi)
            : throw new SigningRefusedException("not-the-order", "psbt does not say what it spends");
    }

    public SignedBytes Sign(BitcoinPayment payment)
    {
        var psbt = payment.Psbt;
        foreach (var input in psbt.Inputs)
        {
            var path = input.HDKeyPaths.Values.Concat(input.HDTaprootKeyPaths.Values.Select(one => one.RootedKeyPath)).First();
            input.Sign(key.Derive(path.KeyPath).PrivateKey);
        }

        if (!psbt.TryFinalize(out var errors))
            throw new SigningRefusedException("not-the-order", $"psbt cannot be completed: {string.Join("; ", errors.Select(error => error.ToString()))}");
        var transaction = psbt.ExtractTransaction();
        return new SignedBytes(transaction.ToHex(), transaction.GetHash().ToString());
    }

    /// <summary>The paths of the PSBT are relative to the account: branch and position.</summary>
    private bool IsOurs(Script script, IEnumerable<RootedKeyPath> ecdsa, IEnumerable<RootedKeyPath> taproot) => ecdsa.Concat(taproot).Any(path =>
        path.KeyPath is { Indexes: [0 or 1, < 0x80000000] } && key.Derive(path.KeyPath).Neuter().PubKey.GetScriptPubKey(_type) == script);
}
