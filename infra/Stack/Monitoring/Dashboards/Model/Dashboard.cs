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

/// <summary>Panels under one heading, from left to right; those that do not fit begin a new line.</summary>
public sealed record Row(string Title, ImmutableArray<Panel> Panels);

/// <summary>Marks on the time axis of every panel, where a query has a value.</summary>
/// <param name="Name">What a person switches on and off.</param>
/// <param name="Expression">PromQL with a series, of a value other than 0, while there is something to mark.</param>
/// <param name="Title">Text of a mark, with the labels of its series as <c>{{workload}}</c>.</param>
/// <param name="Color">A name that Grafana knows.</param>
public sealed record Annotation(string Name, string Expression, string Title, string Color);
