using NBitcoin;

namespace HaCluster.Payments.Signing;

/// <summary>Partially signed transactions of Bitcoin (BIP-174) that somebody sent.</summary>
internal static class Psbt
{
    /// <exception cref="SigningRefusedException">It is not one.</exception>
    public static PSBT Read(string text, Network network)
    {
        try
        {
            return PSBT.Parse(text, network);
        }
        // The parser has a kind of exception for each way in which bytes can end too early.
        catch (Exception exception) when (exception is FormatException or ArgumentException or IndexOutOfRangeException or IOException or OverflowException or InvalidOperationException)
        {
            throw new SigningRefusedException("not-a-transfer", "psbt cannot be read");
        }
    }
}
