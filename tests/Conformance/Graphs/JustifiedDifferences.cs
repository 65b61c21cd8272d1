namespace HaCluster.Conformance.Graphs;

/// <summary>The table of differences between the two graphs that are as they should be. Whatever is not in it fails the test.</summary>
internal static class JustifiedDifferences
{
    public static IReadOnlyList<Justification> All { get; } =
    [
        new("a former type without a parent / with the parent that the resource has today",
            difference => difference.Fact == "option.aliases"
                && difference.Official?.Replace($";parent={difference.Parent}", "", StringComparison.Ordinal) == difference.Program,
            "The engine takes an alias without a parent for one under today's parent; .NET leaves it out, Node spells it out."),
        new("an object of a CRD without / with the version of the provider",
            difference => difference is { Fact: "option.version", Program: null, Official: not null }
                && difference.Urn.Contains("$kubernetes:snapshot.storage.k8s.io/", StringComparison.Ordinal),
            "ApiExtensions.CustomResource of the official .NET SDK sends no version, that of Node does; the object has an explicit provider."),
    ];
}

/// <summary>A kind of difference (C# / Node), how to tell it, and why it is right.</summary>
internal sealed record Justification(string What, Func<Difference, bool> Covers, string Because)
{
    public override string ToString() => $"{What}: {Because}";
}
