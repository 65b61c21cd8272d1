using System.Collections.Immutable;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>Puts panels on Grafana's grid: rows one below the other, panels from left to right, a new line where one does not fit.</summary>
internal static class DashboardLayout
{
    private const int HeadingHeight = 1;

    public static IEnumerable<PlacedRow> Place(IEnumerable<Row> rows)
    {
        var top = 0;
        foreach (var row in rows)
        {
            var placed = new PlacedRow(row.Title, top, [.. Place(row, top + HeadingHeight)]);
            yield return placed;
            top = placed.Panels.Aggregate(top + HeadingHeight, (bottom, panel) => Math.Max(bottom, panel.Y + panel.Panel.Height));
        }
    }

    private static IEnumerable<PlacedPanel> Place(Row row, int top)
    {
        var (x, y, tallest) = (0, top, 0);
        foreach (var panel in row.Panels)
        {
            if (x + panel.Width > Panel.FullWidth)
                (x, y, tallest) = (0, y + tallest, 0);
            yield return new PlacedPanel(panel, x, y);
            x += panel.Width;
            tallest = Math.Max(tallest, panel.Height);
        }
    }
}

/// <summary>A panel with its place on the grid.</summary>
internal sealed record PlacedPanel(Panel Panel, int X, int Y);

/// <summary>A row with its place on the grid.</summary>
internal sealed record PlacedRow(string Title, int Y, ImmutableArray<PlacedPanel> Panels);
