namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>A value that queries use as <c>$name</c>, found by a query of its own.</summary>
public sealed record Variable
{
    public required string Name { get; init; }

    /// <summary>Label of the drop-down.</summary>
    public required string Label { get; init; }

    /// <summary><c>label_values(metric, label)</c> or <c>query_result(expression)</c>, in the syntax of Grafana's Prometheus data source.</summary>
    public required string Query { get; init; }

    /// <summary>Extracts the value from a line such as <c>{label="value"} 1 1700000000000</c>; empty: the whole line.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>Not a choice but something that follows from the others.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Found again when the time range changes, not only when the dashboard opens.</summary>
    public bool FollowsTimeRange { get; init; }
}
