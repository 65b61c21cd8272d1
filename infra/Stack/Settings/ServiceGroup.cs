namespace HaCluster.Stack.Settings;

/// <summary>
/// Something that answers requests and has an objective: a site, the RPC front of a chain. Alerts on its error budget and its dashboard are
/// made from this; all queries are PromQL.
/// </summary>
public sealed record ServiceGroup
{
    /// <summary>Unique: <c>site-shop</c>, <c>bitcoin-rpc</c>.</summary>
    public required string Name { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Name of the Deployment that serves it.</summary>
    public required string Workload { get; init; }

    /// <summary>Regular expression of the names of its pods.</summary>
    public required string Pods { get; init; }

    /// <summary>Team that gets the alerts.</summary>
    public required string Team { get; init; }

    /// <summary>Share of requests that must succeed over 30 days, such as 0.999.</summary>
    public required decimal Objective { get; init; }

    /// <summary>Selector of a counter of all requests, without a range.</summary>
    public required string Requests { get; init; }

    /// <summary>Selector of a counter of those that failed, without a range.</summary>
    public required string Errors { get; init; }

    /// <summary>An expression of the latency that most requests stay below, in seconds.</summary>
    public required string LatencySeconds { get; init; }

    /// <summary>What that latency must stay below, in seconds.</summary>
    public decimal LatencyObjectiveSeconds { get; init; } = 1;
}
