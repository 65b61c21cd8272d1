using HaCluster.Engine.Graph;

namespace HaCluster.Conformance.Graphs;

/// <summary>One fact of one resource that two graphs tell differently; null where a graph does not have it.</summary>
internal sealed record Difference(string Urn, string Fact, string? Program, string? Official)
{
    /// <summary>The URN of the resource's parent in the C# program; null when it has none there.</summary>
    public string? Parent { get; private init; }

    public override string ToString() =>
        $"{Urn}\n    {Fact}\n        C#:   {Program ?? "(absent)"}\n        Node: {Official ?? "(absent)"}";

    /// <summary>Everything that differs, in the order of the URNs.</summary>
    public static IReadOnlyList<Difference> Between(ResourceGraph program, ResourceGraph official)
    {
        var (ours, theirs) = (GraphFacts.Of(program), GraphFacts.Of(official));
        return
        [
            .. from urn in ours.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal)
               from difference in OfResource(urn, ours.GetValueOrDefault(urn), theirs.GetValueOrDefault(urn))
               select difference,
        ];
    }

    private static IEnumerable<Difference> OfResource(
        string urn, SortedDictionary<string, string>? ours, SortedDictionary<string, string>? theirs)
    {
        if (ours is null || theirs is null)
            return [new(urn, "registered", ours is null ? null : "yes", theirs is null ? null : "yes")];
        return from fact in ours.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal)
               let mine = ours.GetValueOrDefault(fact)
               let other = theirs.GetValueOrDefault(fact)
               where mine != other
               select new Difference(urn, fact, mine, other) { Parent = ours.GetValueOrDefault("parent") };
    }
}
