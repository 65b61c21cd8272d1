using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace HaCluster.Planning.Stacks;

/// <summary>
/// Resolves the type of a plain (unquoted) YAML scalar as go-yaml v3 does, the parser of Pulumi: YAML 1.2 booleans and nulls, but also
/// the octal, hexadecimal, binary and underscored numbers and the dates of YAML 1.1.
/// </summary>
internal static partial class YamlScalarResolver
{
    /// <summary>Null for an infinity or not-a-number, which no configuration value can carry.</summary>
    public static ConfigValue? Resolve(string plain)
    {
        switch (plain)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return new ConfigValue.Null();
            case "true" or "True" or "TRUE":
                return new ConfigValue.Bool(true);
            case "false" or "False" or "FALSE":
                return new ConfigValue.Bool(false);
        }

        if (NotFinite().IsMatch(plain))
            return null;
        if (plain[0] is not ('.' or '+' or '-') && !char.IsAsciiDigit(plain[0]))
            return new ConfigValue.Text(plain);
        return (ConfigValue?)Timestamp(plain) ?? (ConfigValue?)Number(plain.Replace("_", "", StringComparison.Ordinal)) ?? new ConfigValue.Text(plain);
    }

    private static ConfigValue? Number(string plain)
    {
        if (Integer(plain) is { } integer && integer >= long.MinValue && integer <= ulong.MaxValue)
            return new ConfigValue.Integer((Int128)integer);
        return FloatForm().IsMatch(plain) ? new ConfigValue.Float(double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture)) : null;
    }

    private static BigInteger? Integer(string plain)
    {
        var match = IntegerForm().Match(plain);
        if (!match.Success)
            return null;
        var magnitude = match.Groups switch
        {
            var g when g["hex"].Success => Digits(g["hex"].Value, 16),
            var g when g["binary"].Success => Digits(g["binary"].Value, 2),
            var g when g["octal"].Success => Digits(g["octal"].Value, 8),
            var g => Digits(g["decimal"].Value, 10),
        };
        return match.Groups["sign"].Value == "-" ? -magnitude : magnitude;
    }

    private static BigInteger Digits(string digits, int numberBase) =>
        digits.Aggregate(BigInteger.Zero, (sum, digit) => (sum * numberBase) + Convert.ToInt32(digit.ToString(), 16));

    /// <summary>A date becomes the text that Go prints for it, because that is what Pulumi passes to the program.</summary>
    private static ConfigValue.Text? Timestamp(string plain)
    {
        var match = TimestampForm().Match(plain);
        if (!match.Success)
            return null;
        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        if (Part("month") is 0 or > 12 || Part("year") == 0 || Part("day") == 0 || Part("day") > DateTime.DaysInMonth(Part("year"), Part("month"))
            || Part("hour") > 23 || Part("minute") > 59 || Part("second") > 59)
            return null;
        var fraction = match.Groups["fraction"].Value.TrimEnd('0');
        var zone = match.Groups["offset"] is { Success: true } offset ? offset.Value.Replace(":", "", StringComparison.Ordinal) : "+0000";
        return new ConfigValue.Text(string.Create(
            CultureInfo.InvariantCulture,
            $"{Part("year"):0000}-{Part("month"):00}-{Part("day"):00} {Part("hour"):00}:{Part("minute"):00}:{Part("second"):00}{(fraction is "" or "." ? "" : fraction)} {zone} {(zone == "+0000" ? "UTC" : zone)}"));
    }

    [GeneratedRegex(@"^(?<sign>[-+]?)(0[xX](?<hex>[0-9a-fA-F]+)|0[bB](?<binary>[01]+)|0[oO]?(?<octal>[0-7]+)|(?<decimal>0|[1-9][0-9]*))\z")]
    private static partial Regex IntegerForm();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex FloatForm();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex NotFinite();

    [GeneratedRegex(@"^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})(?:[Tt](?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2}):(?<second>[0-9]{1,2})(?<fraction>\.[0-9]{1,9})?(?:Z|(?<offset>[-+][0-9]{2}:[0-9]{2}))| (?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2}):(?<second>[0-9]{1,2})(?<fraction>\.[0-9]{1,9})?)?\z")]
    private static partial Regex TimestampForm();
}
