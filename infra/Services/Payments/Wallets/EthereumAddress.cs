using System.Diagnostics.CodeAnalysis;
using Nethereum.Util;

namespace HaCluster.Payments.Wallets;

/// <summary>Addresses of Ethereum, in the one form that this service stores: with the checksum of EIP-55 (https://eips.ethereum.org/EIPS/eip-55).</summary>
internal static class EthereumAddress
{
    private const int Length = 42;

    /// <summary>Takes an address in lower case, or in mixed case with the right checksum: a wrong one is a typing error that would cost the whole amount.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (text is not { Length: Length } || !text.StartsWith("0x", StringComparison.Ordinal) || !text.AsSpan(2).ContainsOnlyHex())
            return false;
        var checksummed = AddressUtil.Current.ConvertToChecksumAddress(text);
        if (text != checksummed && text.Any(char.IsAsciiLetterUpper))
            return false;
        address = checksummed;
        return true;
    }

    /// <summary>The one form of an address that a node gave.</summary>
    public static string Checksum(string address) => AddressUtil.Current.ConvertToChecksumAddress(address);

    private static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiHexDigit(letter))
                return false;
        }

        return true;
    }
}
