using System.Globalization;
using System.Text.RegularExpressions;

namespace HaCluster.Planning.Capacity;

/// <summary>A Kubernetes quantity (<c>500m</c>, <c>16Gi</c>, <c>1e3</c>) as a number of base units: cores, bytes, pieces.</summary>
public static partial class Quantity
{
    private const decimal Kibi = 1024m;

    /// <summary>Null when the text is not a quantity, or too large for a decimal.</summary>
    public static decimal? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups["number"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return null;
        try
        {
            return number * Factor(match.Groups["suffix"].Value);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Null for what is too large for a decimal, and for NaN.</summary>
    public static decimal? Of(double number) => Math.Abs(number) < (double)decimal.MaxValue ? (decimal)number : null;

    /// <summary>Bytes in the largest binary unit without a long fraction: <c>1.5 GiB</c>, <c>2 TiB</c>.</summary>
    public static string Bytes(decimal bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var unit = 0;
        while (unit < units.Length - 1 && bytes >= Kibi)
        {
            bytes /= Kibi;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.##} {units[unit]}");
    }

    /// <summary>Whole units without a fraction, others with at most three digits after the point.</summary>
    public static string Number(decimal value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static decimal Factor(string suffix) => suffix switch
    {
        "" => 1m,
        "n" => 1e-9m,
        "u" => 1e-6m,
        "m" => 1e-3m,
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "P" => 1e15m,
        "E" => 1e18m,
        "Ki" => Kibi,
        "Mi" => Kibi * Kibi,
        "Gi" => Kibi * Kibi * Kibi,
        "Ti" => Kibi * Kibi * Kibi * Kibi,
        "Pi" => Kibi * Kibi * Kibi * Kibi * Kibi,
        _ => Kibi * Kibi * Kibi * Kibi * Kibi * Kibi,
    };

    [GeneratedRegex(@"^(?<number>[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?)(?<suffix>n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?\z")]
    private static partial Regex Form();
}
