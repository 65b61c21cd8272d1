using System.Globalization;
using System.Text;

namespace HaCluster.Planning.Stacks;

/// <summary>
/// JSON exactly as Pulumi writes it into <c>PULUMI_CONFIG</c>, that is as Go's <c>encoding/json</c> does: sorted keys, no spaces,
/// <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped, numbers in their shortest form.
/// System.Text.Json cannot write it: its most lenient encoder escapes what is outside the basic plane (an emoji) and leaves
/// <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c>, and it writes 1E-07 where Go writes 1e-07.
/// </summary>
public static class ConfigJson
{
    public static string Write(ConfigValue value)
    {
        var json = new StringBuilder();
        Write(json, value);
        return json.ToString();
    }

    /// <summary>The shortest text that reads back as the same number; an exponent only below 1e-6 and from 1e21 on.</summary>
    public static string Number(double value)
    {
        if (value == 0)
            return double.IsNegative(value) ? "-0" : "0";
        var (digits, pointAt) = ShortestDigits(Math.Abs(value));
        var sign = value < 0 ? "-" : "";
        return Math.Abs(value) is < 1e-6 or >= 1e21 ? sign + Scientific(digits, pointAt - 1) : sign + Plain(digits, pointAt);
    }

    private static string Scientific(string digits, int exponent)
    {
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");
    }

    private static string Plain(string digits, int pointAt)
    {
        if (pointAt <= 0)
            return "0." + new string('0', -pointAt) + digits;
        return pointAt >= digits.Length ? digits.PadRight(pointAt, '0') : $"{digits[..pointAt]}.{digits[pointAt..]}";
    }

    /// <summary>The significant digits of <paramref name="value"/> without outer zeros, and the position of the decimal point.</summary>
    private static (string Digits, int PointAt) ShortestDigits(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var exponent = exponentAt < 0 ? 0 : int.Parse(text[(exponentAt + 1)..], CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var pointAt = (point < 0 ? mantissa.Length : point) + exponent;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var withoutLeadingZeros = digits.TrimStart('0');
        return (withoutLeadingZeros.TrimEnd('0'), pointAt - (digits.Length - withoutLeadingZeros.Length));
    }

    private static void Write(StringBuilder json, ConfigValue value)
    {
        switch (value)
        {
            case ConfigValue.Null:
                json.Append("null");
                break;
            case ConfigValue.Bool boolean:
                json.Append(boolean.Value ? "true" : "false");
                break;
            case ConfigValue.Integer integer:
                json.Append(integer.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case ConfigValue.Float number:
                json.Append(Number(number.Value));
                break;
            case ConfigValue.Text text:
                WriteString(json, text.Value);
                break;
            case ConfigValue.Secure:
                WriteString(json, ConfigValue.SecretPlaceholder);
                break;
            case ConfigValue.List list:
                json.Append('[');
                for (var i = 0; i < list.Items.Length; i++)
                {
                    if (i > 0)
                        json.Append(',');
                    Write(json, list.Items[i]);
                }

                json.Append(']');
                break;
            case ConfigValue.Map map:
                WriteMap(json, map);
                break;
        }
    }

    private static void WriteMap(StringBuilder json, ConfigValue.Map map)
    {
        json.Append('{');
        var first = true;
        foreach (var (key, entry) in map.Entries)
        {
            if (!first)
                json.Append(',');
            first = false;
            WriteString(json, key);
            json.Append(':');
            Write(json, entry);
        }

        json.Append('}');
    }

    private static void WriteString(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => json.Append(character),
            };
        }

        json.Append('"');
    }
}
