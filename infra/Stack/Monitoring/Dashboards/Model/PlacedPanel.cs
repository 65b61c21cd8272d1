namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>A panel with its place on the grid.</summary>
internal sealed record PlacedPanel(Panel Panel, int X, int Y);
