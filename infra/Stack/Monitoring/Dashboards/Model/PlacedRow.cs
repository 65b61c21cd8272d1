using System.Collections.Immutable;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>A row with its place on the grid.</summary>
internal sealed record PlacedRow(string Title, int Y, ImmutableArray<PlacedPanel> Panels);
