using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Delivery;

/// <summary>Reads lists of branches and tags that a role of AWS trusts.</summary>
public static class GitRefs
{
    /// <summary>Names in which <c>*</c> matches any part; one that would match everything is refused.</summary>
    public static ImmutableArray<string> Read(SettingsReader reader, string name, string about, ImmutableArray<string> fallback) =>
        reader.TextList(name, about, fallback, Shapes.GitRef, name == "tags" ? "v*" : "main");
}
