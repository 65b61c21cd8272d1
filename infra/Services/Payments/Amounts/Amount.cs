using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace HaCluster.Payments.Amounts;

/// <summary>
/// Amounts in base units: satoshi, wei, a token's smallest unit. Outside the service they are strings of digits, because a number of JSON is a double to most readers and
/// cannot hold a balance in wei.
/// </summary>
internal static class Amount
{
    public const string Rule = "a string of digits in base units (satoshi, wei), from 1 to 2^256 - 1, without sign, point or leading zeros";

    // 2^256 - 1 has 78 digits.
    private const int MostDigits = 78;

    /// <summary>The largest amount that Ethereum can name.</summary>
    public static BigInteger Most { get; } = BigInteger.Pow(2, 256) - 1;

    /// <summary>True for what <see cref="Rule"/> says.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BigInteger amount)
    {
        amount = default;
        if (text is not { Length: > 0 and <= MostDigits } || text[0] == '0' || !text.All(char.IsAsciiDigit))
            return false;
        amount = BigInteger.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return amount <= Most;
    }

    /// <summary>What this service has written itself: negative and zero are allowed.</summary>
    public static BigInteger Read(string text) => BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public static string Write(BigInteger amount) => amount.ToString(CultureInfo.InvariantCulture);
}
