using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Plans;

/// <summary>A resource that others wait for, and how long its creation takes.</summary>
public sealed record CreationStep(ResourceNode Resource, TimeSpan Time)
{
    /// <summary>Type and name, as people say them: <c>Cluster main</c>.</summary>
    public string Name => $"{Resource.Type[(Resource.Type.LastIndexOf(':') + 1)..]} {Resource.Name}";
}

/// <summary>
/// How long the first <c>pulumi up</c> takes: the longest path through the graph, where each resource begins when all that it depends on is there.
/// What can be created side by side is taken to be, as the engine does it; failures, and images that are pulled slowly, are not counted.
/// </summary>
/// <param name="Path">What decides the time, in order; each waits for the one before.</param>
public sealed record FirstUpEstimate(ImmutableArray<CreationStep> Path)
{
    // Steps below this are not worth a word of the summary.
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

    /// <returns>Null when nothing takes a minute.</returns>
    public static FirstUpEstimate? Of(ResourceGraph graph)
    {
        var resources = graph.Resources.DistinctBy(resource => resource.Urn).ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        var ends = new Dictionary<string, (TimeSpan End, string? After)>(StringComparer.Ordinal);

        foreach (var resource in DependenciesFirst(resources))
        {
            var after = Waits(resource).Where(ends.ContainsKey).Select(urn => (Urn: (string?)urn, ends[urn].End))
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

    // By hand, not by recursion: a chain of dependencies is as long as the program likes.
    private static IEnumerable<ResourceNode> DependenciesFirst(IReadOnlyDictionary<string, ResourceNode> resources)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<(ResourceNode Resource, bool Waited)>(resources.Values.Select(resource => (resource, false)));
        while (open.TryPop(out var next))
        {
            if (next.Waited)
            {
                yield return next.Resource;
            }
            else if (seen.Add(next.Resource.Urn))
            {
                open.Push((next.Resource, true));
                foreach (var urn in Waits(next.Resource))
                {
                    if (resources.TryGetValue(urn, out var earlier))
                        open.Push((earlier, false));
                }
            }
        }
    }

    /// <summary>What must be there first: what is named, the provider, and a resource above it.</summary>
    private static IEnumerable<string> Waits(ResourceNode resource)
    {
        foreach (var urn in resource.Dependencies)
            yield return urn;
        if (resource.Provider is { } provider && provider.LastIndexOf("::", StringComparison.Ordinal) is var end and > 0)
            yield return provider[..end];
        if (resource.Parent is { } parent)
            yield return parent;
    }

    private static string Minutes(TimeSpan time) => Math.Max(1, Math.Round(time.TotalMinutes)).ToString("0", CultureInfo.InvariantCulture);
}
