using System.Collections.Immutable;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>A Grafana dashboard: rows of panels, what can be chosen above them, and what is marked on their time axes.</summary>
public sealed record Dashboard
{
    /// <summary>Fixed, so that links from alerts stay true: at most 40 characters.</summary>
    public required string Uid { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    /// <summary>In the order in which they depend on each other. The data source is always there and not among them.</summary>
    public ImmutableArray<Variable> Variables { get; init; } = [];

    public ImmutableArray<Annotation> Annotations { get; init; } = [];

    public required ImmutableArray<Row> Rows { get; init; }
}
