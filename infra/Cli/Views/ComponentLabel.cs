using System.Globalization;
using HaCluster.Planning.Plans;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HaCluster.Cli.Views;

/// <summary>
/// A component's name and its resources by type: on one line where they fit, otherwise below, wrapped only between types so that a count
/// stays on the line of its type.
/// </summary>
internal sealed class ComponentLabel(ComponentNode component) : Renderable
{
    private const string Separator = ", ";
    private static readonly Style Name = new(decoration: Decoration.Bold);
    private static readonly Style Kind = new(Color.Grey);

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(maxWidth, Width(Title())), maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var title = Title();
        foreach (var segment in title)
            yield return segment;
        var counts = component.Resources.Select(Count).ToList();
        if (counts.Count == 0)
            yield break;
        var all = counts.Sum(Width) + (Separator.Length * (counts.Count - 1));
        var fitsBeside = Width(title) + 2 + all <= maxWidth;
        yield return fitsBeside ? new Segment(": ") : Segment.LineBreak;
        foreach (var segment in fitsBeside ? Joined(counts) : Broken(counts, maxWidth))
            yield return segment;
    }

    private List<Segment> Title()
    {
        // A single count needs no total before it.
        var total = component is { Resources.Length: 1, Children.IsEmpty: true } ? "" : component.Total.ToString(CultureInfo.InvariantCulture);
        return [new(component.Name, Name), new(" "), new(new TypeCount(component.Type, 1).ShortName, Kind), new(total.Length == 0 ? "" : " " + total)];
    }

    private static IEnumerable<Segment> Joined(List<List<Segment>> counts) =>
        counts.SelectMany((count, index) => index == 0 ? count : [new Segment(Separator), .. count]);

    private static IEnumerable<Segment> Broken(List<List<Segment>> counts, int maxWidth)
    {
        var column = 0;
        for (var i = 0; i < counts.Count; i++)
        {
            var isLast = i == counts.Count - 1;
            var width = Width(counts[i]) + (isLast ? 0 : 1);
            if (column > 0 && column + 1 + width > maxWidth)
            {
                yield return Segment.LineBreak;
                column = 0;
            }
            else if (column > 0)
            {
                yield return new Segment(" ");
                column++;
            }

            foreach (var segment in counts[i])
                yield return segment;
            if (!isLast)
                yield return new Segment(",");
            column += width;
        }
    }

    private static List<Segment> Count(TypeCount count) =>
    [
        new(string.Create(CultureInfo.InvariantCulture, $"{count.Count} ")),
        new(count.Package == "pulumi" ? $"{count.ShortName} provider" : count.ShortName, new Style(Maker(count.Package))),
    ];

    /// <summary>The colour says who makes the resource.</summary>
    private static Color Maker(string package) => package switch
    {
        "aws" => Color.Olive,
        "kubernetes" => Color.Blue,
        _ => Color.Grey,
    };

    private static int Width(List<Segment> segments) => segments.Sum(segment => segment.CellCount());
}
