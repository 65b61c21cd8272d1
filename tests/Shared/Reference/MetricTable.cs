using System.Collections;
using System.Reflection;
using System.Text;
using Prometheus;

namespace HaCluster.Tests.Shared.Reference;

/// <summary>The metrics of a service as a table.</summary>
internal static class MetricTable
{
    /// <param name="exposition">What Prometheus gets.</param>
    /// <param name="owners">Objects whose fields have the metrics: a metric without a series has no labels in the exposition.</param>
    public static string Of(string exposition, params object[] owners)
    {
        var labels = owners.SelectMany(owner => CollectorsOf(owner, [])).DistinctBy(collector => collector.Name).ToDictionary(collector => collector.Name, collector => collector.LabelNames);
        var lines = exposition.Split('\n');
        var text = new StringBuilder("\n| metric | type | unit | meaning |\n|---|---|---|---|\n");
        foreach (var line in lines.Where(line => line.StartsWith("# HELP ", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var (name, help) = (line.Split(' ')[2], line[(line.IndexOf(' ', "# HELP ".Length) + 1)..]);
            var type = lines.Single(other => other.StartsWith($"# TYPE {name} ", StringComparison.Ordinal)).Split(' ')[3];
            var names = labels.GetValueOrDefault(name) ?? SeriesLabels(lines, name);
            text.Append(null, $"| `{name}{(names.Length > 0 ? $"{{{string.Join(',', names)}}}" : "")}` | {type} | {UnitOf(name, help)} | {ReferencePage.Cell(help.TrimEnd('.'))} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string[] SeriesLabels(string[] lines, string name) => lines.FirstOrDefault(line => line.StartsWith($"{name}{{", StringComparison.Ordinal)) is { } series
        ? [.. series[(name.Length + 1)..series.IndexOf('}', StringComparison.Ordinal)].Split(',').Select(pair => pair.Split('=')[0])] : [];

    private static string UnitOf(string name, string help) => name switch
    {
        _ when help.StartsWith("1: ", StringComparison.Ordinal) || help.StartsWith("1; ", StringComparison.Ordinal) => "0 or 1",
        _ when name.EndsWith("_timestamp_seconds", StringComparison.Ordinal) => "seconds since 1970",
        _ when name.EndsWith("_seconds", StringComparison.Ordinal) => "seconds",
        _ when name.Contains("_bytes", StringComparison.Ordinal) => "bytes",
        _ when name.Contains("_days_", StringComparison.Ordinal) => "days",
        _ when name.EndsWith("_blocks", StringComparison.Ordinal) => "blocks",
        _ when name.EndsWith("_height", StringComparison.Ordinal) => "height",
        _ when name.EndsWith("_units", StringComparison.Ordinal) => "base units (satoshi, wei)",
        _ => "count",
    };

    private static IEnumerable<Collector> CollectorsOf(object owner, HashSet<object> seen)
    {
        if (!seen.Add(owner))
            yield break;
        foreach (var value in owner.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Select(field => field.GetValue(owner)))
        {
            if (value is Collector collector)
                yield return collector;
            else if (value is not null and not string and not IEnumerable && value.GetType() is { IsClass: true, Namespace: { } space } && space.EndsWith(".Metrics", StringComparison.Ordinal))
                foreach (var inner in CollectorsOf(value, seen))
                    yield return inner;
        }
    }
}
