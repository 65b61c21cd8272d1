using System.Globalization;
using System.Xml.Linq;
using HaCluster.Planning.Proof.Report;

namespace HaCluster.Planning.Proof.Pictures;

/// <summary>
/// The loss of a zone as an SVG: zones as columns, their nodes as boxes with a square for each pod, coloured by namespace; rescheduled pods are
/// outlined in their new place; databases and NAT gateways are below.
/// </summary>
public sealed class FailoverPicture
{
    private const int Column = 300;
    private const int Gap = 20;
    private const int Margin = 24;
    private const int Square = 14;
    private const int PerRow = 17;
    private const int Top = 84;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly string[] Colors = ["#4c78a8", "#f58518", "#54a24b", "#b279a2", "#e45756", "#72b7b2", "#eeca3b", "#9d755d", "#ff9da6", "#79706e"];

    private readonly ProofReport _report;
    private readonly Failover _failover;
    private readonly List<string> _namespaces;

    private FailoverPicture(ProofReport report, Failover failover)
    {
        _report = report;
        _failover = failover;
        _namespaces = [.. failover.Nodes.SelectMany(node => node.Pods).Concat(failover.Moves.Select(move => move.Pod)).Select(NamespaceOf).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Null for a cluster of one zone or none: there is nowhere to fail over to.</summary>
    public static string? Of(ProofReport report) => report.Failover is { } failover ? new FailoverPicture(report, failover).Draw() : null;

    private string Draw()
    {
        var zones = _report.Cluster.Zones;
        var body = new List<XElement>();
        var bottom = Top;
        for (var i = 0; i < zones.Length; i++)
            bottom = Math.Max(bottom, DrawZone(body, zones[i], X(i)));
        var y = DrawServices(body, bottom + 12);
        y = DrawWaiting(body, y);
        y = DrawLegend(body, y);
        var width = (2 * Margin) + (zones.Length * Column) + ((zones.Length - 1) * Gap);
        var picture = new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {width} {y + Margin}"), new XAttribute("width", width), new XAttribute("height", y + Margin),
            new XAttribute("font-family", "system-ui, sans-serif"), new XAttribute("font-size", 12),
            new XElement(Svg + "title", Title),
            Box(0, 0, width, y + Margin, "#ffffff", "none"),
            Text(Margin, 34, Title, 18, bold: true),
            Text(Margin, 56, Subtitle, 13, color: "#555555"),
            body);
        return picture.ToString().ReplaceLineEndings("\n") + "\n";
    }

    private string Title => $"{_report.Cluster.Name}: {_failover.LostZone} is lost";

    private string Subtitle => $"{Wording.Count(_failover.Moves.Length, "pod")} {Wording.Verb(_failover.Moves.Length, "is", "are")} rescheduled to the remaining nodes (outlined), "
        + (_failover.Waiting.IsEmpty ? "none stays Pending" : $"{_failover.Waiting.Length} {Wording.Verb(_failover.Waiting.Length, "waits", "wait")} for the zone");

    private static int X(int column) => Margin + (column * (Column + Gap));

    /// <returns>The y coordinate of its end.</returns>
    private int DrawZone(List<XElement> body, string zone, int x)
    {
        var isLost = zone == _failover.LostZone;
        var content = new List<XElement>();
        var y = Top + 30;
        foreach (var node in _failover.Nodes.Where(node => node.Zone == zone))
            y = DrawNode(content, node, x + 10, y, isLost) + 8;
        body.Add(Box(x, Top, Column, y - Top, isLost ? "#f4f4f4" : "#f7fbff", isLost ? "#c9c9c9" : "#9ecae1"));
        body.Add(Text(x + 12, Top + 20, isLost ? $"{zone} (lost)" : zone, 14, bold: true, color: isLost ? "#b00020" : "#1f2d3d"));
        body.Add(new XElement(Svg + "g", isLost ? new XAttribute("opacity", "0.35") : null, content));
        if (isLost)
        {
            body.Add(Line(x, Top, x + Column, y));
            body.Add(Line(x + Column, Top, x, y));
        }

        return y;
    }

    private int DrawNode(List<XElement> content, FailoverNode node, int x, int y, bool isLost)
    {
        var arrived = isLost ? [] : _failover.Moves.Where(move => move.ToNode == node.Name).Select(move => move.Pod).ToList();
        var pods = node.Pods.Select(pod => (Pod: pod, IsNew: false)).Concat(arrived.Select(pod => (Pod: pod, IsNew: true)))
            .OrderBy(pod => pod.IsNew).ThenBy(pod => pod.Pod, StringComparer.Ordinal).ToList();
        var rows = Math.Max(1, (pods.Count + PerRow - 1) / PerRow);
        var height = 24 + (rows * (Square + 2)) + 4;
        content.Add(Box(x, y, Column - 20, height, "#ffffff", "#d0d7de"));
        content.Add(Text(x + 6, y + 16, $"{node.Name}  {node.InstanceType}", 11, color: "#444444"));
        for (var i = 0; i < pods.Count; i++)
        {
            var (pod, isNew) = pods[i];
            var square = Box(x + 6 + (i % PerRow * (Square + 2)), y + 22 + (i / PerRow * (Square + 2)), Square, Square, ColorOf(pod), isNew ? "#111111" : "none");
            square.Add(new XElement(Svg + "title", isNew ? $"{pod}, moved here" : pod));
            if (isNew)
                square.Add(new XAttribute("stroke-width", "2.5"));
            content.Add(square);
        }

        return y + height;
    }

    private int DrawServices(List<XElement> body, int y)
    {
        foreach (var gateway in _report.Cluster.NatGateways)
            body.Add(Service(gateway.Zone, y, $"NAT for {Wording.Zones(gateway.Serves)}", gateway.Zone == _failover.LostZone));
        y += _report.Cluster.NatGateways.IsEmpty ? 0 : 24;
        foreach (var database in _report.Cluster.Databases)
        {
            var failoverTarget = database.Instances.Where(instance => instance.Zone != _failover.LostZone)
                .OrderBy(instance => instance.Tier).ThenBy(instance => instance.Name, StringComparer.Ordinal).FirstOrDefault();
            foreach (var instance in database.Instances.Where(instance => instance.Zone is not null))
            {
                var role = instance == database.Writer ? "writer" : instance == failoverTarget && database.Writer?.Zone == _failover.LostZone ? "reader, becomes writer" : "reader";
                body.Add(Service(instance.Zone!, y, $"{database.Engine} {role}", instance.Zone == _failover.LostZone));
            }

            y += 24;
        }

        return y + 8;
    }

    private XElement Service(string zone, int y, string text, bool isLost)
    {
        var x = X(_report.Cluster.Zones.IndexOf(zone));
        var group = new XElement(Svg + "g", Box(x, y, Column, 20, isLost ? "#f4f4f4" : "#eef7ee", isLost ? "#c9c9c9" : "#a1d99b"), Text(x + 10, y + 14, text, 11));
        if (isLost)
            group.Add(new XAttribute("opacity", "0.45"));
        return group;
    }

    private int DrawWaiting(List<XElement> body, int y)
    {
        foreach (var text in _failover.Waiting.Take(8))
        {
            y += 18;
            body.Add(Text(Margin, y, text, 12, color: "#7a4b00"));
        }

        return y + 10;
    }

    private int DrawLegend(List<XElement> body, int y)
    {
        var x = Margin;
        foreach (var name in _namespaces)
        {
            var width = 30 + (name.Length * 7);
            if (x + width > X(_report.Cluster.Zones.Length) - Gap)
                (x, y) = (Margin, y + 20);
            body.Add(Box(x, y + 4, Square, Square, Colors[_namespaces.IndexOf(name) % Colors.Length], "none"));
            body.Add(Text(x + 20, y + 15, name, 12));
            x += width;
        }

        return y + 24;
    }

    private string ColorOf(string pod) => Colors[_namespaces.IndexOf(NamespaceOf(pod)) % Colors.Length];

    private static string NamespaceOf(string pod) => pod[..Math.Max(0, pod.IndexOf('/', StringComparison.Ordinal))];

    private static XElement Box(int x, int y, int width, int height, string fill, string stroke) => new(
        Svg + "rect", new XAttribute("x", x), new XAttribute("y", y), new XAttribute("width", width), new XAttribute("height", height),
        new XAttribute("rx", height > 30 ? 6 : 3), new XAttribute("fill", fill), new XAttribute("stroke", stroke));

    private static XElement Line(int fromX, int fromY, int toX, int toY) => new(
        Svg + "line", new XAttribute("x1", fromX), new XAttribute("y1", fromY), new XAttribute("x2", toX), new XAttribute("y2", toY),
        new XAttribute("stroke", "#b00020"), new XAttribute("stroke-width", 2), new XAttribute("opacity", "0.5"));

    private static XElement Text(int x, int y, string text, int size, bool bold = false, string color = "#1f2d3d") => new(
        Svg + "text", new XAttribute("x", x), new XAttribute("y", y), new XAttribute("font-size", size.ToString(CultureInfo.InvariantCulture)),
        bold ? new XAttribute("font-weight", "600") : null, new XAttribute("fill", color), text);
}
