using System.Text.RegularExpressions;

namespace HaCluster.Workloads.Tests.Dashboards;

/// <summary>Turns a query of a dashboard into the PromQL that Prometheus gets when a person looks at it.</summary>
internal static partial class GrafanaQuery
{
    // Grafana's own (https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#global-variables), and choices.
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["__rate_interval"] = "5m",
        ["__range"] = "6h",
        ["__range_s"] = "21600",
        ["service"] = "site-shop",
        ["namespace"] = "site-shop",
        ["pods"] = "shop-.*",
        ["release"] = "3600",
    };

    /// <exception cref="InvalidOperationException">A variable that Grafana would not know: it would reach Prometheus as it is.</exception>
    public static string Substituted(string query) => Use().Replace(query, match =>
        Values.GetValueOrDefault(match.Groups[1].Value) ?? throw new InvalidOperationException($"${match.Groups[1].Value} is not a variable of the dashboards"));

    /// <summary>Names of the variables that a query uses, without Grafana's own.</summary>
    public static IEnumerable<string> VariablesIn(string query) =>
        Use().Matches(query).Select(match => match.Groups[1].Value).Where(name => !name.StartsWith("__", StringComparison.Ordinal));

    /// <summary>The PromQL in a query of a variable: <c>query_result(...)</c> or <c>label_values(..., label)</c>.</summary>
    public static string ExpressionOf(string variable) =>
        Result().Match(variable) is { Success: true } result ? result.Groups[1].Value
        : LabelValues().Match(variable) is { Success: true } values ? values.Groups[1].Value
        : throw new InvalidOperationException($"not a query of a variable that Grafana knows: {variable}");

    // $1 is a group of label_replace, and nothing to Grafana. $$ is an escaped $ of label_replace.
    [GeneratedRegex(@"(?<!\$)\$\{?([A-Za-z_]\w*)\}?")]
    private static partial Regex Use();

    [GeneratedRegex(@"^query_result\((.+)\)\s*\z")]
    private static partial Regex Result();

    [GeneratedRegex(@"^label_values\((.+),\s*[a-zA-Z_]\w*\)\s*\z")]
    private static partial Regex LabelValues();
}
