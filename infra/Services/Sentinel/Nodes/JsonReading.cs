using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace HaCluster.Sentinel.Nodes;

/// <summary>Typed members of an answer. Whatever is missing or of another type is <see cref="RpcFault.Malformed"/>: it is never taken for a value.</summary>
internal static class JsonReading
{
    /// <summary>No chain has more blocks: 10^15 blocks of a millisecond each take 30,000 years.</summary>
    private const long MaxHeight = 1_000_000_000_000_000;

    private const int HashLength = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public static JsonElement Member(this JsonElement element, string name) =>
        Find(element, name) ?? throw Malformed(name);

    public static JsonElement? Optional(this JsonElement element, string name) =>
        Find(element, name) is { ValueKind: not JsonValueKind.Null } member ? member : null;

    public static string Text(this JsonElement element, string name) => element.Member(name).AsText(name);

    /// <summary>The element itself.</summary>
    public static string AsText(this JsonElement element, string name, int maxLength = 1000)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String && element.GetString() is { } text && text.Length <= maxLength ? text : throw Malformed(name);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair; JsonDocument does not look into strings until they are read.
            throw Malformed(name);
        }
    }

    public static bool Flag(this JsonElement element, string name) => element.Member(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Malformed(name),
    };

    /// <summary>A whole number from 0 to <see cref="MaxHeight"/>.</summary>
    public static long Height(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt64(out var number) ? Checked(number, name) : throw Malformed(name);

    public static double? Share(this JsonElement element, string name) =>
        element.Optional(name) is { ValueKind: JsonValueKind.Number } member && member.TryGetDouble(out var number) && number is >= 0 and <= 1.1 ? Math.Min(1, number) : null;

    /// <summary>Ethereum's numbers: <c>0x1b4</c> (https://ethereum.org/developers/docs/apis/json-rpc/#quantities-encoding).</summary>
    public static long HexHeight(this JsonElement element, string name) => Checked(Quantity(element.Text(name), name), name);

    public static long Quantity(string text, string name) =>
        text.Length is > 2 and <= 18 && text.StartsWith("0x", StringComparison.Ordinal)
        && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue
            ? (long)number
            : throw Malformed(name);

    /// <summary>An amount of wei, which may be larger than a long.</summary>
    public static double? Wei(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.String } text && text.AsText("amount") is { Length: > 2 and <= 66 } hex && hex.StartsWith("0x", StringComparison.Ordinal)
        && System.Numerics.BigInteger.TryParse("0" + hex[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var wei)
            ? (double)wei
            : null;

    /// <summary>Beacon API: numbers are written as text.</summary>
    public static long Slot(this JsonElement element, string name) =>
        long.TryParse(element.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var slot) ? Checked(slot, name) : throw Malformed(name);

    /// <summary>64 hexadecimal digits, with or without 0x; as the node writes them.</summary>
    public static string Hash(this JsonElement element, string name)
    {
        var text = element.Text(name);
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text;
        return digits.Length == HashLength && !digits.ContainsAnyExcept(HexDigits) ? text : throw Malformed(name);
    }

    /// <summary>Seconds since 1970.</summary>
    public static DateTimeOffset Moment(long seconds, string name) =>
        seconds is >= 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : throw Malformed(name);

    public static RpcException Malformed(string name) => new(RpcFault.Malformed, $"its response has no valid '{name}'");

    private static JsonElement? Find(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;
        }
        catch (InvalidOperationException)
        {
            // The name of another member is no text.
            throw Malformed(name);
        }
    }

    private static long Checked(long number, string name) => number is >= 0 and <= MaxHeight ? number : throw Malformed(name);
}
