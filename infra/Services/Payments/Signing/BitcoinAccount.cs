using System.Numerics;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Signing;

/// <summary>A transaction that was read and found to be a payment.</summary>
/// <param name="Inputs">Outputs that it spends.</param>
/// <param name="Change">Index of the one output that gives back to the account; null: none does, or several do.</param>
internal sealed record BitcoinPayment(PSBT Psbt, IReadOnlyList<string> Inputs, BigInteger Fee, int? Change)
{
    /// <summary>How an output is named where it is spent.</summary>
    public static string Name(OutPoint output) => $"coin {output}";
}

/// <summary>The key of an account of Bitcoin, such as m/84'/0'/0', with its addresses.</summary>
internal sealed class BitcoinAccount(ExtKey key, string script, Network network)
{
    private readonly ScriptPubKeyType _type = ScriptKind.Find(script) ?? throw new FormatException($"script: choose {ScriptKind.Rule}");

    public string ExtendedPublicKey => key.Neuter().ToString(network);

    /// <summary>Reads a PSBT and makes sure that it pays each amount to its destination and the rest to this account.</summary>
    /// <param name="payments">None: it pays this account alone.</param>
    /// <exception cref="SigningRefusedException">It does something else.</exception>
    public BitcoinPayment Read(string text, IEnumerable<(string Destination, BigInteger Amount)> payments)
    {
        var psbt = Psbt.Read(text, network);
        var rest = psbt.Outputs.ToList();
        foreach (var (destination, amount) in payments)
        {
            var script = BitcoinAddress.Create(destination, network).ScriptPubKey;
            // Two transfers may pay the same: each has an output of its own.
            var index = rest.FindIndex(output => output.ScriptPubKey == script && output.Value.Satoshi == amount);
            if (index < 0)
                throw new SigningRefusedException("not-the-order", $"psbt does not pay {amount} to {destination}");
            rest.RemoveAt(index);
        }

        if (rest.Any(output => !IsOurs(output.ScriptPubKey, PathsOf(output))))
            throw new SigningRefusedException("not-the-order", "psbt has an output that is neither a payment nor change of the account");
        foreach (var input in psbt.Inputs)
        {
            if (input.GetTxOut() is not { } coin || !IsOurs(coin.ScriptPubKey, PathsOf(input)))
                throw new SigningRefusedException("not-the-order", $"psbt spends {input.PrevOut}, which is not the account's, or does not say what it is");
        }

        return psbt.TryGetFee(out var fee) && fee >= Money.Zero
            ? new BitcoinPayment(psbt, [.. psbt.Inputs.Select(input => BitcoinPayment.Name(input.PrevOut))], fee.Satoshi, rest is [var change] ? (int)change.Index : null)
            : throw new SigningRefusedException("not-the-order", "psbt does not say what it spends");
    }

    /// <summary>Reads a PSBT and makes sure that it spends one coin and pays a change address of this account alone.</summary>
    /// <exception cref="SigningRefusedException">It does something else.</exception>
    public BitcoinPayment ReadChild(string text)
    {
        var payment = Read(text, []);
        return payment.Psbt is { Inputs.Count: 1, Outputs.Count: 1 } && PathsOf(payment.Psbt.Outputs[0]).All(path => path.KeyPath is { Indexes: [(uint)WalletAddress.Change, _] })
            ? payment
            : throw new SigningRefusedException("not-the-order", "psbt is not a child: it spends one coin and pays one change address of the account");
    }

    public SignedBytes Sign(BitcoinPayment payment)
    {
        var psbt = payment.Psbt;
        foreach (var input in psbt.Inputs)
        {
            var path = PathsOf(input).First();
            input.Sign(key.Derive(path.KeyPath).PrivateKey);
        }

        if (!psbt.TryFinalize(out var errors))
            throw new SigningRefusedException("not-the-order", $"psbt cannot be completed: {string.Join("; ", errors.Select(error => error.ToString()))}");
        var transaction = psbt.ExtractTransaction();
        return new SignedBytes(transaction.ToHex(), transaction.GetHash().ToString());
    }

    /// <summary>The paths of the PSBT are relative to the account: branch and position.</summary>
    private bool IsOurs(Script script, IEnumerable<RootedKeyPath> paths) => paths.Any(path =>
        path.KeyPath is { Indexes: [0 or 1, < 0x80000000] } && key.Derive(path.KeyPath).Neuter().PubKey.GetScriptPubKey(_type) == script);

    private static IEnumerable<RootedKeyPath> PathsOf(PSBTCoin coin) => coin.HDKeyPaths.Values.Concat(coin.HDTaprootKeyPaths.Values.Select(path => path.RootedKeyPath));
}
