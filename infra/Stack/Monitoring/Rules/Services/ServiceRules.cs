using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Monitoring.Rules.Services;

/// <summary>
/// Error budgets over 30 days: an alert by how fast the budget burns, over a long window so that it matters and a short one so that it is still
/// true (https://sre.google/workbook/alerting-on-slos/, table 5-8).
/// </summary>
internal static class ServiceRules
{
    private static readonly string[] Windows = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

    public static RuleGroup For(ImmutableArray<ServiceGroup> services) => new()
    {
        Name = "services",
        Records = [.. services.SelectMany(Records)],
        Alerts =
        [
            Burn("ServiceBurnsBudgetInTwoDays", "14.4", "1h", "5m", "2m", AlertSeverity.Critical, "two days"),
            Burn("ServiceBurnsBudgetInFiveDays", "6", "6h", "30m", "15m", AlertSeverity.Critical, "five days"),
            Burn("ServiceBurnsBudgetInTenDays", "3", "1d", "2h", "1h", AlertSeverity.Warning, "ten days"),
            Burn("ServiceBurnsBudgetInThirtyDays", "1", "3d", "6h", "3h", AlertSeverity.Warning, "thirty days"),
            new AlertRule
            {
                Name = "ServiceSlow",
                Expression = """
                    service:latency_seconds > on (service, namespace) group_left (team) service:latency_objective_seconds
                    """,
                For = "10m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.OfService,
                Summary = "{{ $labels.service }} answers slowly",
                Description = "The latency of {{ $labels.service }} is {{ $value | humanizeDuration }}, above its objective.",
                Dashboard = DashboardUid.Services,
            },
            new AlertRule
            {
                Name = "ServiceNotMeasured",
                Expression = "service:objective unless on (service, namespace) service:requests:rate5m",
                For = "15m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.OfService,
                Summary = "Requests of {{ $labels.service }} are not measured",
                Description = "{{ $labels.service }} has an objective but no request metrics: its front is gone, or the metrics were renamed. "
                    + "Its error budget is not monitored.",
                Dashboard = DashboardUid.Services,
            },
        ],
    };

    private static AlertRule Burn(string name, string factor, string longWindow, string shortWindow, string duration, string severity, string spent) => new()
    {
        Name = name,
        Expression = $"""
            service:errors:ratio_rate{longWindow} > on (service, namespace) group_left (team) ({factor} * (1 - service:objective))
              and on (service, namespace)
            service:errors:ratio_rate{shortWindow} > on (service, namespace) ({factor} * (1 - service:objective))
            """,
        For = duration,
        Severity = severity,
        Team = AlertTeam.OfService,
        Summary = $"{{{{ $labels.service }}}} burns its error budget: at this rate it lasts {spent}",
        Description = $"{{{{ $value | humanizePercentage }}}} of the requests of {{{{ $labels.service }}}} failed in the last {longWindow}, and requests still fail: "
            + $"at this rate the error budget of 30 days is spent within {spent}.",
        Dashboard = DashboardUid.Services,
    };

    private static IEnumerable<RecordingRule> Records(ServiceGroup service)
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("service", service.Name).Add("namespace", service.Namespace);
        // The workload, by which an operator who updates it finds the service.
        yield return Record(
            "service:objective", $"vector({service.Objective.ToString(CultureInfo.InvariantCulture)})", labels.Add("team", service.Team).Add("workload", service.Workload));
        yield return Record(
            "service:latency_objective_seconds",
            $"vector({service.LatencyObjectiveSeconds.ToString(CultureInfo.InvariantCulture)})",
            labels.Add("team", service.Team));
        yield return Record("service:latency_seconds", $"max({service.LatencySeconds})", labels);
        yield return Record("service:requests:rate5m", $"sum(rate({service.Requests}[5m]))", labels);

        // A counter of errors that never counted does not exist; no requests at all give no result.
        foreach (var window in Windows)
        {
            yield return Record(
                $"service:errors:ratio_rate{window}",
                $"(sum(rate({service.Errors}[{window}])) or vector(0)) / (sum(rate({service.Requests}[{window}])) > 0)",
                labels);
        }
    }

    private static RecordingRule Record(string series, string expression, ImmutableSortedDictionary<string, string> labels) =>
        new() { Series = series, Expression = expression, Labels = labels };
}
