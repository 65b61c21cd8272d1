using HaCluster.Payments.Amounts;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Sending;

/// <summary>What a cold key signed, compared with what was exported for it: the same inputs, outputs, nonce and fees, or nothing.</summary>
internal static class ColdSignature
{
    /// <param name="text">Hexadecimal bytes; for Bitcoin also a PSBT in Base64, whether its signer has completed it or not.</param>
    /// <exception cref="SigningRefusedException">It is something else than the exported transaction, or not signed.</exception>
    public static SignedBytes Check(Wallet wallet, Networks networks, Export export, string text)
    {
        if (wallet.Chain == Asset.Ethereum)
            return EthereumTransactions.Check(EthereumTransactions.Read(export.Content), wallet.Sender!, text.StartsWith("0x", StringComparison.Ordinal) ? text.ToLowerInvariant() : $"0x{text.ToLowerInvariant()}");
        var exported = PSBT.Parse(export.Content, networks.Bitcoin);
        return BitcoinTransactions.Check(exported, networks, text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : Complete(exported, networks, text));
    }

    private static string Complete(PSBT exported, Networks networks, string text)
    {
        var handed = Psbt.Read(text, networks.Bitcoin);
        try
        {
            // Only signatures are taken over: what is paid stays as it was exported.
            var signed = exported.Clone().Combine(handed);
            return signed.TryFinalize(out var errors)
                ? signed.ExtractTransaction().ToHex()
                : throw new SigningRefusedException("not-signed", $"signatures are missing: {string.Join("; ", errors.Select(error => error.ToString()))}");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new SigningRefusedException("not-the-order", $"it is not the exported PSBT with signatures: {exception.Message}");
        }
    }
}
