using System.Collections.Immutable;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Monitoring.Dashboards.Queries;

/// <summary>
/// Queries for the selected service. <c>$namespace</c> and <c>$pods</c> follow from <c>$service</c>; the map from one to the
/// others is written into the query of these variables, so that no panel carries all services.
/// </summary>
internal static class ServiceQueries
{
    /// <summary>Label matchers of the metrics of the service's pods.</summary>
    public const string Pods = "namespace=\"$namespace\",pod=~\"$pods\"";

    /// <summary>Matcher of the recording rules of the service.</summary>
    public const string Service = "service=\"$service\"";

    /// <summary>US dollars per hour, for the workloads that the pods of the service belong to.</summary>
    public const string Cost = $$"""sum(workload:cost_usd:hourly{namespace="$namespace"} and on (namespace, workload) pod:workload:labels{{{Pods}}})""";

    /// <summary>Share of the errors that the objective allows in 30 days that is still left; below 0 when more has been used.</summary>
    public const string BudgetLeft =
        $$"""
        1 - (sum_over_time((max by (service) (service:errors:ratio_rate1h{{{Service}}}) * max by (service) (avg_over_time(service:requests:rate5m{{{Service}}}[1h])))[30d:1h])
         / sum_over_time(max by (service) (avg_over_time(service:requests:rate5m{{{Service}}}[1h]))[30d:1h]))
         / (1 - max by (service) (service:objective{{{Service}}}))
        """;

    /// <summary>A <c>query_result</c> with one property of the chosen service as the label <paramref name="label"/>.</summary>
    public static string PropertyOf(ImmutableArray<ServiceGroup> services, string label, Func<ServiceGroup, string> property)
    {
        var all = string.Join(" or ", services.Select(service => Labelled(Labelled("vector(1)", "service", service.Name), label, property(service))));
        return $"query_result(max by ({label}) (({all}) and on (service) {Labelled("vector(1)", "service", "$service", isVariable: true)}))";
    }

    /// <summary>Takes a property out of what <see cref="PropertyOf"/> gives.</summary>
    public static string PatternOf(string label) => $"/{label}=\"([^\"]*)\"/";

    private static string Labelled(string vector, string label, string value, bool isVariable = false) =>
        $"""label_replace({vector}, "{label}", "{(isVariable ? value : Escaped(value))}", "", "")""";

    // Inside a string of PromQL, and there inside a replacement, in which $ begins the name of a group.
    private static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("$", "$$", StringComparison.Ordinal);
}
