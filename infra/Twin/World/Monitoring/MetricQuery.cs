using System.Globalization;
using System.Text.RegularExpressions;

namespace HaCluster.Twin.World.Monitoring;

/// <summary>A sample of an instant vector.</summary>
internal sealed record MetricSample(IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>
/// The part of PromQL that the stand-in understands: a selector, or one aggregation of a selector, such as
/// <c>max by (service) (service:latency_seconds{namespace="shop"})</c>.
/// </summary>
internal sealed partial class MetricQuery
{
    private readonly string? _aggregation;
    private readonly string[] _by;
    private readonly (string Name, string Operator, string Value)[] _matchers;

    private MetricQuery(string metric, string? aggregation, string[] by, (string Name, string Operator, string Value)[] matchers) =>
        (Metric, _aggregation, _by, _matchers) = (metric, aggregation, by, matchers);

    public string Metric { get; }

    /// <summary>Null when it is not understood.</summary>
    public static MetricQuery? Parse(string text)
    {
        var match = Whole().Match(text);
        if (!match.Success)
            return null;
        string[] Words(string group) => match.Groups[group].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new MetricQuery(
            match.Groups["metric"].Value, match.Groups["function"].Success ? match.Groups["function"].Value : null, [.. Words("by"), .. Words("after")],
            [.. Matcher().Matches(match.Groups["matchers"].Value).Select(one => (one.Groups["name"].Value, one.Groups["operator"].Value, one.Groups["value"].Value))]);
    }

    public IEnumerable<MetricSample> Evaluate(IEnumerable<MetricSample> all)
    {
        var selected = all.Where(sample => Array.TrueForAll(_matchers, matcher => IsMatch(matcher, sample.Labels.GetValueOrDefault(matcher.Name, "")))).ToList();
        if (_aggregation is null)
            return selected;
        return selected.GroupBy(sample => string.Join('\0', _by.Select(name => sample.Labels.GetValueOrDefault(name, "")))).Select(group => new MetricSample(
            _by.ToDictionary(name => name, name => group.First().Labels.GetValueOrDefault(name, ""), StringComparer.Ordinal),
            _aggregation switch
            {
                "max" => group.Max(sample => sample.Value),
                "min" => group.Min(sample => sample.Value),
                "avg" => group.Average(sample => sample.Value),
                "count" => group.Count(),
                _ => group.Sum(sample => sample.Value),
            }));
    }

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsMatch((string Name, string Operator, string Value) matcher, string value) => matcher.Operator switch
    {
        "=" => value == matcher.Value,
        "!=" => value != matcher.Value,
        "=~" => IsPattern(matcher.Value, value),
        _ => !IsPattern(matcher.Value, value),
    };

    /// <summary>Prometheus and Alertmanager anchor their patterns.</summary>
    internal static bool IsPattern(string pattern, string value)
    {
#pragma warning disable RS0030 // The pattern is that of the request.
        return Regex.IsMatch(value, $@"\A(?:{pattern})\z", RegexOptions.NonBacktracking);
#pragma warning restore RS0030
    }

    [GeneratedRegex("""
        ^\s*(?:(?<function>max|min|sum|avg|count)\s*(?:by\s*\((?<by>[^)]*)\)\s*)?\(\s*)?(?<metric>[a-zA-Z_:][\w:]*)\s*(?:\{(?<matchers>(?:[^}"]|"[^"]*")*)\}\s*)?(?(function)\)\s*(?:by\s*\((?<after>[^)]*)\)\s*)?)\z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Whole();

    [GeneratedRegex("""(?<name>\w+)\s*(?<operator>=~|!~|!=|=)\s*"(?<value>[^"]*)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Matcher();
}
