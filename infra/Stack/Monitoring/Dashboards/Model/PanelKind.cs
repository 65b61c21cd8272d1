namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>How a panel shows its series.</summary>
public enum PanelKind
{
    TimeSeries,
    Stat,
    BarGauge,
    Table,
    Heatmap,
}
