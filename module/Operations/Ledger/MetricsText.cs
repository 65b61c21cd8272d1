using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace HaCluster.Operations.Ledger;

/// <summary>Reads the samples of a program's <c>/metrics</c> (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).</summary>
internal static class MetricsText
{
    /// <returns>The samples in their order; null when the text is something else.</returns>
    public static IReadOnlyList<MetricSample>? Read(string text)
    {
        var samples = new List<MetricSample>();
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (ReadLine(line) is not { } sample)
                return null;
            samples.Add(sample);
        }

        return samples;
    }

    private static MetricSample? ReadLine(string line)
    {
        var at = line.AsSpan().IndexOfAny('{', ' ');
        if (at <= 0)
            return null;
        var name = line[..at];
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (line[at] == '{')
        {
            at++;
            while (at < line.Length && line[at] != '}')
            {
                var equals = line.IndexOf("=\"", at, StringComparison.Ordinal);
                if (equals < 0 || ReadText(line, equals + 2) is not var (value, end))
                    return null;
                labels[line[at..equals]] = value;
                at = end < line.Length && line[end] == ',' ? end + 1 : end;
            }

            at++;
        }

        // A time may follow the value.
        return at < line.Length && line[at..].Trim().Split(' ')[0] is var number && Number(number) is { } found ? new MetricSample(name, labels.ToImmutable(), found) : null;
    }

    /// <returns>The text, and the place after its closing quote; null when it has none.</returns>
    private static (string Value, int End)? ReadText(string line, int at)
    {
        var value = new StringBuilder();
        for (; at < line.Length; at++)
        {
            if (line[at] == '"')
                return (value.ToString(), at + 1);
            if (line[at] == '\\' && ++at < line.Length)
                value.Append(line[at] == 'n' ? '\n' : line[at]);
            else if (at < line.Length)
                value.Append(line[at]);
        }

        return null;
    }

    private static double? Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
    };
}

internal sealed record MetricSample(string Name, ImmutableSortedDictionary<string, string> Labels, double Value)
{
    public string? Label(string name) => Labels.GetValueOrDefault(name);
}
