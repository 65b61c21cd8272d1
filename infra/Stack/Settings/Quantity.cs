using System.Globalization;

namespace HaCluster.Stack.Settings;

/// <summary>
/// A Kubernetes resource quantity: cores for cpu, bytes for memory and storage
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/), with the text that it was written as.
/// </summary>
public readonly record struct Quantity : IComparable<Quantity>
{
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
        var value = HaCluster.Planning.Capacity.Quantity.Parse(text);
        quantity = new Quantity(value ?? 0, text);
        return value is not null;
    }

    /// <summary>A number of cores, in thousandths where it is not whole.</summary>
    public static Quantity Cores(decimal cores) => decimal.IsInteger(cores)
        ? new Quantity(cores, cores.ToString("0", CultureInfo.InvariantCulture))
        : new Quantity(cores, (cores * 1000).ToString("0", CultureInfo.InvariantCulture) + "m");

    /// <summary>A multiple of it, with the same suffix.</summary>
    public Quantity Times(int factor)
    {
        var text = ToString();
        var suffix = text.AsSpan().TrimStart("0123456789.");
        var number = decimal.Parse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * factor;
        return new Quantity(Value * factor, number.ToString("0.#########", CultureInfo.InvariantCulture) + suffix.ToString());
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
}
