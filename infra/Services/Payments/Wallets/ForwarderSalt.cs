using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace HaCluster.Payments.Wallets;

/// <summary>
/// The salt of a forwarder, which with its parent makes its address. One that outsiders can compute lets them pay an address before it is given out, and deploy it, after which payments with 21,000 gas fail. So it is made
/// from a secret of the wallet; made and not drawn, so that whoever has the secret finds every address again by its position. The secret moves nothing: whatever the salt, a forwarder pays its parent alone.
/// </summary>
internal static class ForwarderSalt
{
    /// <summary>Of a secret, and of a salt: 32 bytes in hexadecimal.</summary>
    private const int Digits = 64;

    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Digits / 2));

    /// <summary>Whether a text is a secret, or a salt.</summary>
    public static bool IsValid(string? text) => text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>HMAC-SHA-256 (https://www.rfc-editor.org/rfc/rfc2104) of the position in eight bytes, the highest first. Salts are on the chain once they are used: none of them says another one.</summary>
    public static string Of(string secret, long position)
    {
        Span<byte> message = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(message, position);
        return Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(secret), message));
    }

    /// <summary>Of wallets without a secret: the position itself.</summary>
    public static string At(long position) => position.ToString("x", CultureInfo.InvariantCulture).PadLeft(Digits, '0');
}
