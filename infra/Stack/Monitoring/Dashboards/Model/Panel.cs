using System.Collections.Immutable;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>One picture.</summary>
public sealed record Panel
{
    /// <summary>Width of a dashboard in Grafana's grid.</summary>
    public const int FullWidth = 24;

    public required PanelKind Kind { get; init; }

    public required string Title { get; init; }

    /// <summary>Description of the panel, shown behind the icon next to the title.</summary>
    public required string Description { get; init; }

    public required Unit Unit { get; init; }

    public required ImmutableArray<Target> Targets { get; init; }

    public ImmutableArray<Threshold> Thresholds { get; init; } = [];

    /// <summary>Of <see cref="FullWidth"/>.</summary>
    public int Width { get; init; } = 8;

    /// <summary>In steps of 30 pixels.</summary>
    public int Height { get; init; } = 8;

    public static Panel TimeSeries(string title, Unit unit, string description, params Target[] targets) =>
        Of(PanelKind.TimeSeries, title, unit, description, targets);

    /// <summary>The latest value, large.</summary>
    public static Panel Stat(string title, Unit unit, string description, params Target[] targets) =>
        Of(PanelKind.Stat, title, unit, description, targets) with { Width = 4, Height = 5 };

    /// <summary>The latest values, as bars one below the other.</summary>
    public static Panel BarGauge(string title, Unit unit, string description, params Target[] targets) =>
        Of(PanelKind.BarGauge, title, unit, description, targets);

    /// <summary>The latest values, one line per series, a column for each label and each query.</summary>
    public static Panel Table(string title, Unit unit, string description, params Target[] targets) =>
        Of(PanelKind.Table, title, unit, description, targets);

    /// <summary>How values are spread over the buckets of a histogram.</summary>
    public static Panel Heatmap(string title, Unit unit, string description, Target buckets) =>
        Of(PanelKind.Heatmap, title, unit, description, [buckets]);

    /// <summary>The panel with colours.</summary>
    public Panel Colored(params Threshold[] thresholds) => this with { Thresholds = [.. thresholds] };

    /// <summary>The panel with another width.</summary>
    public Panel Wide(int width) => this with { Width = width };

    private static Panel Of(PanelKind kind, string title, Unit unit, string description, Target[] targets) =>
        new() { Kind = kind, Title = title, Description = description, Unit = unit, Targets = [.. targets] };
}

/// <summary>How a panel shows its series.</summary>
public enum PanelKind
{
    TimeSeries,
    Stat,
    BarGauge,
    Table,
    Heatmap,
}

/// <summary>A query of a panel.</summary>
/// <param name="Expression">PromQL; Grafana puts the values of variables in it.</param>
/// <param name="Legend">Name of a series, with its labels as <c>{{zone}}</c>.</param>
public sealed record Target(string Expression, string Legend);
