using System.Diagnostics.CodeAnalysis;
using Nethereum.Util;

namespace HaCluster.Payments.Amounts;

/// <summary>Addresses of Ethereum, in the one form that this service stores: with the checksum of EIP-55 (https://eips.ethereum.org/EIPS/eip-55).</summary>
internal static class EthereumAddress
{
    public const string Rule = "0x and 40 hexadecimal digits, all in lower case or with the right checksum (EIP-55)";

    private const string Prefix = "0x";
    private const int Length = 42;

    /// <summary>Takes an address in lower case, or in mixed case with the right checksum: a wrong one is a typing error that would cost the whole amount.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (text is not { Length: Length } || !text.StartsWith(Prefix, StringComparison.Ordinal) || !text.Skip(Prefix.Length).All(char.IsAsciiHexDigit))
            return false;
        var checksummed = Checksum(text);
        if (text != checksummed && text.Any(char.IsAsciiLetterUpper))
            return false;
        address = checksummed;
        return true;
    }

    /// <summary>The one form of an address that a node gave.</summary>
    public static string Checksum(string address) => AddressUtil.Current.ConvertToChecksumAddress(address);
}
