using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Plans;

/// <summary>A step of the critical path: a resource and the time of its creation.</summary>
public sealed record CreationStep(ResourceNode Resource, TimeSpan Time)
{
    /// <summary>Type and name in short form: <c>Cluster main</c>.</summary>
    public string Name => $"{Resource.Type[(Resource.Type.LastIndexOf(':') + 1)..]} {Resource.Name}";
}

/// <summary>
/// Estimates the duration of the first <c>pulumi up</c>: the longest path through the graph, where each resource starts when all its dependencies exist.
/// Independent resources are created in parallel, as by the engine; failures and slow image pulls are not counted.
/// </summary>
/// <param name="Path">The critical path in order; each step waits for the one before.</param>
public sealed record FirstUpEstimate(ImmutableArray<CreationStep> Path)
{
    // Shorter steps are not mentioned in the summary.
    private static readonly TimeSpan Notable = TimeSpan.FromMinutes(1);

    public TimeSpan Time => Path.Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Time);

    /// <summary>One line for people.</summary>
    public string Summary
    {
        get
        {
            var steps = Path.Where(step => step.Time >= Notable).Select(step => $"{step.Name} {Minutes(step.Time)}");
            return $"about {Minutes(Time)} min; longest path: {string.Join(", ", steps)}";
        }
    }

    /// <returns>Null when it takes less than a minute.</returns>
    public static FirstUpEstimate? Of(ResourceGraph graph)
    {
        var resources = graph.Resources.DistinctBy(resource => resource.Urn).ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        var ends = new Dictionary<string, (TimeSpan End, string? After)>(StringComparer.Ordinal);

        foreach (var resource in DependencyOrder.Of(resources))
        {
            var after = DependencyOrder.DependenciesOf(resource).Where(ends.ContainsKey).Select(urn => (Urn: (string?)urn, ends[urn].End))
                .Append((Urn: null, End: TimeSpan.Zero)).MaxBy(wait => wait.End);
            ends[resource.Urn] = (after.End + CreationTimes.Of(resource), after.Urn);
        }

        if (ends.Count == 0)
            return null;
        var path = ImmutableArray.CreateBuilder<CreationStep>();
        for (var urn = ends.MaxBy(end => end.Value.End).Key; urn is not null; urn = ends[urn].After)
            path.Insert(0, new CreationStep(resources[urn], CreationTimes.Of(resources[urn])));
        var estimate = new FirstUpEstimate([.. path.Where(step => step.Time > TimeSpan.Zero)]);
        return estimate.Time < Notable ? null : estimate;
    }

    private static string Minutes(TimeSpan time) => Math.Max(1, Math.Round(time.TotalMinutes)).ToString("0", CultureInfo.InvariantCulture);
}
