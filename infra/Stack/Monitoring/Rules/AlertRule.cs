using System.Collections.Immutable;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>An alert: when it fires, its receivers and its message. Its runbook is the page with the same name.</summary>
public sealed record AlertRule
{
    /// <summary>Unique over all rules, also those of charts.</summary>
    public required string Name { get; init; }

    /// <summary>PromQL; it fires for every series of the answer.</summary>
    public required string Expression { get; init; }

    /// <summary>How long the expression must have held, as Prometheus writes it: <c>5m</c>. <c>0m</c> fires at once.</summary>
    public required string For { get; init; }

    /// <summary>One of <see cref="AlertSeverity"/>.</summary>
    public required string Severity { get; init; }

    /// <summary>One of <see cref="AlertTeam"/>.</summary>
    public required string Team { get; init; }

    /// <summary>What happened and where, in one line; may use the labels of the series.</summary>
    public required string Summary { get; init; }

    /// <summary>How bad it is and what it means, with the value in units a person reads.</summary>
    public required string Description { get; init; }

    /// <summary>One of <see cref="DashboardUid"/>.</summary>
    public required string Dashboard { get; init; }

    /// <summary>Makes the alerts of one subject, which have the team and the dashboard in common.</summary>
    internal static AlertFactory Of(string team, string dashboard) => (name, expression, duration, severity, summary, description) => new()
    {
        Name = name,
        Expression = expression,
        For = duration,
        Severity = severity,
        Team = team,
        Summary = summary,
        Description = description,
        Dashboard = dashboard,
    };
}

/// <summary>Makes an alert.</summary>
internal delegate AlertRule AlertFactory(string name, string expression, string duration, string severity, string summary, string description);

/// <summary>How soon someone must look.</summary>
public static class AlertSeverity
{
    /// <summary>Now, at any hour: users notice, or money or data is at stake.</summary>
    public const string Critical = "critical";

    /// <summary>Within the working day: it becomes critical if nobody acts.</summary>
    public const string Warning = "warning";

    /// <summary>Context for other alerts.</summary>
    public const string Info = "info";
}

/// <summary>Team that gets the alert; Alertmanager routes by it.</summary>
public static class AlertTeam
{
    public const string Platform = "platform";
    public const string Chains = "chains";
    public const string Data = "data";
    public const string Payments = "payments";

    /// <summary>The team that the series names: the one of the service group.</summary>
    public const string OfService = "{{ $labels.team }}";

    /// <summary>All teams there are a route for.</summary>
    public static readonly ImmutableArray<string> All = [Platform, Chains, Data, Payments, "delivery"];
}

/// <summary>Dashboards that alerts link to, by the identifier they have in Grafana.</summary>
public static class DashboardUid
{
    public const string Cluster = "ha-cluster";
    public const string Services = "ha-services";
    public const string Chains = "ha-chains";
    public const string Databases = "ha-databases";
    public const string Logs = "ha-logs";
    public const string Finance = "ha-finance";
    public const string Payments = "ha-payments";
}
