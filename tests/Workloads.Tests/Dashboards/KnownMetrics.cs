namespace HaCluster.Workloads.Tests.Dashboards;

/// <summary>
/// The metrics that exist, by exporter (known-metrics.txt): a section is an exporter with the address of its documentation, a line is a
/// metric. A query of anything else asks for what nobody tells.
/// </summary>
internal static class KnownMetrics
{
    private static readonly string[] Lines =
        File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Workloads.Tests", "Dashboards", "known-metrics.txt"));

    public static IReadOnlySet<string> Names { get; } = Lines.Where(IsMetric).ToHashSet(StringComparer.Ordinal);

    public static IEnumerable<string> Sections => Lines.Where(line => line.StartsWith('['));

    public static IEnumerable<string> Repeated => Lines.Where(IsMetric).GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key);

    /// <summary>The metrics in the queries that are not among the known ones, with where they stand.</summary>
    /// <param name="recorded">Names that recording rules give.</param>
    public static IReadOnlyList<string> Unknown(IEnumerable<(string Place, string Query)> queries, IReadOnlySet<string> recorded) =>
    [
        .. from query in queries
           from name in MetricNames.In(query.Query)
           where !Names.Contains(name) && !recorded.Contains(name)
           select $"{query.Place}: {name}",
    ];

    private static bool IsMetric(string line) => line.Length > 0 && line[0] is not ('#' or '[');
}
