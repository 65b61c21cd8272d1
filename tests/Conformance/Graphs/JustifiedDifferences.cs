namespace HaCluster.Conformance.Graphs;

/// <summary>The table of differences between the two graphs that are as they should be. Whatever is not in it fails the test.</summary>
internal static class JustifiedDifferences
{
    // Groups that no API server knows by itself: their kinds come with charts and add-ons.
    private static readonly string[] CustomGroups =
    [
        "cert-manager.io", "external-secrets.io", "gateway.envoyproxy.io", "gateway.networking.k8s.io", "generators.external-secrets.io",
        "monitoring.coreos.com", "snapshot.storage.k8s.io",
    ];

    public static IReadOnlyList<Justification> All { get; } =
    [
        new("a former type without a parent / with the parent that the resource has today",
            difference => difference.Fact == "option.aliases"
                && difference.Official?.Replace($";parent={difference.Parent}", "", StringComparison.Ordinal) == difference.Program,
            "The engine takes an alias without a parent for one under today's parent; .NET leaves it out, Node spells it out."),
        new("an object of a CRD without / with the version of the provider",
            difference => difference is { Fact: "option.version", Program: null, Official: not null }
                && CustomGroups.Any(group => difference.Urn.Contains($"$kubernetes:{group}/", StringComparison.Ordinal)),
            "ApiExtensions.CustomResource of the official .NET SDK sends no version, that of Node does; the object has an explicit provider."),
    ];
}

/// <summary>A kind of difference (C# / Node), how to tell it, and why it is right.</summary>
internal sealed record Justification(string What, Func<Difference, bool> Covers, string Because)
{
    public override string ToString() => $"{What}: {Because}";
}
