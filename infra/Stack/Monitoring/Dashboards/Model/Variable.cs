namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>A value that queries use as <c>$name</c>, found by a query of its own.</summary>
public sealed record Variable
{
    public required string Name { get; init; }

    /// <summary>What a person reads beside the choice.</summary>
    public required string Label { get; init; }

    /// <summary><c>label_values(metric, label)</c> or <c>query_result(expression)</c>, as Grafana's Prometheus data source knows them.</summary>
    public required string Query { get; init; }

    /// <summary>Takes the value out of a line such as <c>{label="value"} 1 1700000000000</c>; empty to take all of it.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>Not a choice but something that follows from the others.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Found again when the time range changes, not only when the dashboard opens.</summary>
    public bool FollowsTimeRange { get; init; }
}
