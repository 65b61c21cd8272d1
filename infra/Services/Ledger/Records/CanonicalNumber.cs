using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace HaCluster.Ledger.Records;

/// <summary>
/// Numbers as ECMAScript writes them (https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.3). A number whose value would change is refused: an amount that is
/// rounded in silence is worse than an error.
/// </summary>
internal static class CanonicalNumber
{
    /// <summary>The longest form: a sign, 17 digits, "0.00000" or zeros up to 21 places.</summary>
    public const int MaxLength = 32;

    /// <summary>A decimal number of so many digits always comes back from a double as it was (DBL_DIG).</summary>
    private const int AlwaysExactDigits = 15;

    private const int MostDigits = 17;

    /// <param name="literal">A number as JSON has it.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> literal, Span<byte> destination)
    {
        if (IsShortInteger(literal))
        {
            literal.CopyTo(destination);
            return literal.Length;
        }

        if (!Utf8Parser.TryParse(literal, out double value, out var consumed) || consumed != literal.Length || !double.IsFinite(value))
            throw Inexact(literal);
        Span<byte> digits = stackalloc byte[MostDigits];
        var (count, point) = Shortest(value, digits);
        if (!IsSame(literal, digits[..count], point))
            throw Inexact(literal);
        return Layout(value < 0, digits[..count], point, destination);
    }

    /// <exception cref="ArgumentException">Not a finite number.</exception>
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException("JSON has no NaN and no infinity", nameof(value));
        Span<byte> digits = stackalloc byte[MostDigits];
        Span<byte> text = stackalloc byte[MaxLength];
        var (count, point) = Shortest(value, digits);
        return Encoding.ASCII.GetString(text[..Layout(value < 0, digits[..count], point, text)]);
    }

    private static bool IsShortInteger(ReadOnlySpan<byte> literal)
    {
        var digits = literal[0] == '-' ? literal[1..] : literal;
        return digits.Length <= AlwaysExactDigits && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (literal[0] != '-' || digits[0] != '0');
    }

    /// <summary>The fewest digits that are this double and no other, without zeros at the ends, and where the point is: 0.DIGITS x 10^point.</summary>
    private static (int Count, int Point) Shortest(double value, Span<byte> digits)
    {
        Span<byte> text = stackalloc byte[32];
        // "R" is the shortest that comes back, in one of two notations.
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        return Normalize(text[..length], digits, out var count, out var point) ? (count, point) : throw new InvalidOperationException("more digits than a double has");
    }

    /// <summary>Digits and point of a decimal number, without sign; false when there are more digits than fit.</summary>
    private static bool Normalize(ReadOnlySpan<byte> text, Span<byte> digits, out int count, out int point)
    {
        (count, point) = (0, 0);
        var (zeros, hasPoint, exponent) = (0, false, 0);
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character is (byte)'e' or (byte)'E')
            {
                exponent = Exponent(text[(index + 1)..]);
                break;
            }

            if (character == '.')
                hasPoint = true;
            if (!char.IsAsciiDigit((char)character))
                continue;
            if (!hasPoint && (count > 0 || character != '0'))
                point++;
            else if (hasPoint && count == 0 && character == '0')
                point--;
            if (character == '0')
            {
                // Only a digit behind them makes zeros count.
                zeros += count > 0 ? 1 : 0;
                continue;
            }

            if (count + zeros + 1 > digits.Length)
                return false;
            digits.Slice(count, zeros).Fill((byte)'0');
            count += zeros;
            zeros = 0;
            digits[count++] = character;
        }

        point = count == 0 ? 0 : point + exponent;
        return true;
    }

    /// <summary>Huge ones are cut: no double is so large or so small, and the value differs anyway.</summary>
    private static int Exponent(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == '-';
        var value = 0;
        foreach (var digit in text[0] is (byte)'-' or (byte)'+' ? text[1..] : text)
            value = Math.Min(value * 10 + (digit - '0'), 100_000_000);
        return isNegative ? -value : value;
    }

    private static bool IsSame(ReadOnlySpan<byte> literal, ReadOnlySpan<byte> digits, int point)
    {
        Span<byte> written = stackalloc byte[MostDigits];
        return Normalize(literal, written, out var count, out var writtenPoint) && writtenPoint == point && written[..count].SequenceEqual(digits);
    }

    // https://tc39.es/ecma262/#sec-numeric-types-number-tostring
    private static int Layout(bool isNegative, ReadOnlySpan<byte> digits, int point, Span<byte> destination)
    {
        var length = 0;
        if (digits.IsEmpty)
        {
            destination[0] = (byte)'0';
            return 1;
        }

        if (isNegative)
            destination[length++] = (byte)'-';
        if (point is > 0 and <= 21)
        {
            length += Put(digits[..Math.Min(point, digits.Length)], destination[length..]);
            for (var zero = digits.Length; zero < point; zero++)
                destination[length++] = (byte)'0';
            if (digits.Length > point)
            {
                destination[length++] = (byte)'.';
                length += Put(digits[point..], destination[length..]);
            }

            return length;
        }

        if (point is > -6 and <= 0)
        {
            length += Put("0."u8, destination[length..]);
            for (var zero = point; zero < 0; zero++)
                destination[length++] = (byte)'0';
            return length + Put(digits, destination[length..]);
        }

        destination[length++] = digits[0];
        if (digits.Length > 1)
        {
            destination[length++] = (byte)'.';
            length += Put(digits[1..], destination[length..]);
        }

        length += Put(point > 0 ? "e+"u8 : "e-"u8, destination[length..]);
        Utf8Formatter.TryFormat(Math.Abs(point - 1), destination[length..], out var written);
        return length + written;
    }

    private static int Put(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        bytes.CopyTo(destination);
        return bytes.Length;
    }

    private static RejectedException Inexact(ReadOnlySpan<byte> literal) => new(
        "inexact-number",
        $"a number of {literal.Length} characters has no exact value as a double, so that it would be changed; send it as a string (https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.3)");
}
