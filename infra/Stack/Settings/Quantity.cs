using System.Globalization;
using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings;

/// <summary>
/// A Kubernetes resource quantity: cores for cpu, bytes for memory and storage
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
/// </summary>
public readonly partial record struct Quantity : IComparable<Quantity>
{
    private static readonly Dictionary<string, decimal> Factors = new(StringComparer.Ordinal)
    {
        ["m"] = 0.001m,
        [""] = 1m,
        ["k"] = 1e3m,
        ["M"] = 1e6m,
        ["G"] = 1e9m,
        ["T"] = 1e12m,
        ["Ki"] = 1024m,
        ["Mi"] = 1024m * 1024,
        ["Gi"] = 1024m * 1024 * 1024,
        ["Ti"] = 1024m * 1024 * 1024 * 1024,
    };

    private readonly string? _text;

    private Quantity(decimal value, string text)
    {
        Value = value;
        _text = text;
    }

    /// <summary>Cores or bytes.</summary>
    public decimal Value { get; }

    /// <summary>Reads a quantity that is written in this program; a wrong one is a defect of the program.</summary>
    public static Quantity Parse(string text) =>
        TryParse(text, out var quantity) ? quantity : throw new FormatException($"'{text}' is not a quantity");

    /// <summary>Reads a quantity such as <c>500m</c>, <c>1.5</c> or <c>16Gi</c>.</summary>
    public static bool TryParse(string text, out Quantity quantity)
    {
        quantity = default;
        var match = Shape().Match(text);
        if (!match.Success
            || !decimal.TryParse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;

        quantity = new Quantity(number * Factors[match.Groups["suffix"].Value], text);
        return true;
    }

    /// <summary>A number of cores, in thousandths where it is not whole.</summary>
    public static Quantity Cores(decimal cores) => decimal.IsInteger(cores)
        ? new Quantity(cores, cores.ToString("0", CultureInfo.InvariantCulture))
        : new Quantity(cores, (cores * 1000).ToString("0", CultureInfo.InvariantCulture) + "m");

    /// <summary>A multiple of it, with the same suffix.</summary>
    public Quantity Times(int factor)
    {
        var match = Shape().Match(ToString());
        var number = decimal.Parse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * factor;
        return new Quantity(Value * factor, number.ToString("0.#########", CultureInfo.InvariantCulture) + match.Groups["suffix"].Value);
    }

    public int CompareTo(Quantity other) => Value.CompareTo(other.Value);

    public bool Equals(Quantity other) => Value == other.Value;

    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>The quantity as it was written; Kubernetes accepts it as it is.</summary>
    public override string ToString() => _text ?? "0";

    public static bool operator <(Quantity left, Quantity right) => left.CompareTo(right) < 0;

    public static bool operator >(Quantity left, Quantity right) => left.CompareTo(right) > 0;

    public static bool operator <=(Quantity left, Quantity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Quantity left, Quantity right) => left.CompareTo(right) >= 0;

    // 15 digits are petabytes to the byte, and never overflow a decimal whatever the suffix.
    [GeneratedRegex(@"^(?<number>\d{1,15}(\.\d{1,9})?)(?<suffix>m|k|M|G|T|Ki|Mi|Gi|Ti|)$")]
    private static partial Regex Shape();
}
