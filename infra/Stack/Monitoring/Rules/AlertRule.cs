namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>An alert: when it fires, who is told, and what they are told. Its runbook is the page of the same name.</summary>
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
}
