using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>Merges objects that are in several files: equal ones count once, different ones are an error.</summary>
internal static class SameObjects
{
    private const int Examples = 3;

    // Fields set by the API server, which differ in each dump.
    private static readonly ImmutableArray<string> Kept = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"];
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public static ImmutableArray<Manifest> Once(IEnumerable<Manifest> manifests, List<string> problems)
    {
        var once = new OrderedDictionary<(string Group, string Kind, string? Namespace, string Name), Manifest>();
        var unnamed = new List<Manifest>();
        var different = new List<(Manifest First, Manifest Second)>();
        foreach (var manifest in manifests)
        {
            var subject = manifest.Object;
            if (subject.Content.At("metadata", "name") is null)
            {
                unnamed.Add(manifest);
                continue;
            }

            var key = (subject.Group, subject.Kind, ServedKinds.IsOfCluster(subject) ? null : subject.Namespace ?? ClusterObject.DefaultNamespace, subject.Name);
            if (once.TryAdd(key, manifest))
                continue;
            var known = once[key];
            if (!ValueEquality.AreEqual(Declared(known), Declared(manifest)))
                different.Add((known, manifest));
            else if (VersionOf(manifest) > VersionOf(known))
                once[key] = manifest;
        }

        foreach (var pair in different.GroupBy(pair => (pair.First.Place.Path, pair.Second.Place.Path)))
        {
            var first = pair.First();
            var more = pair.Count() == 1 ? "" : $", and {pair.Count() - 1} more: {string.Join(", ", pair.Skip(1).Take(Examples).Select(one => one.First.Object))}{(pair.Count() > Examples + 1 ? ", ..." : "")}";
            problems.Add(
                $"{first.First.Object} is declared twice with different content: {first.First.Place} and {first.Second.Place}{more}; keep one of them, or name one file instead of the directory");
        }

        return [.. once.Values, .. unnamed];
    }

    /// <summary>Of two dumps the later one is used.</summary>
    private static long VersionOf(Manifest manifest) =>
        long.TryParse(manifest.Object.Content.At("metadata", "resourceVersion").Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    /// <summary>The written content, without fields that the API server and controllers add.</summary>
    private static PropertyValue.Map Declared(Manifest manifest)
    {
        var content = manifest.Object.Content.Remove("status");
        if (content.GetValueOrDefault("metadata") is not PropertyValue.Map metadata)
            return new PropertyValue.Map(content);
        var kept = metadata.Entries.RemoveRange(Kept);
        if (kept.GetValueOrDefault("annotations") is PropertyValue.Map annotations)
        {
            var rest = annotations.Entries.Remove(LastApplied);
            kept = rest.IsEmpty ? kept.Remove("annotations") : kept.SetItem("annotations", new PropertyValue.Map(rest));
        }

        return new PropertyValue.Map(content.SetItem("metadata", new PropertyValue.Map(kept)));
    }
}

/// <summary>Whether two values are equivalent.</summary>
internal static class ValueEquality
{
    public static bool AreEqual(PropertyValue? left, PropertyValue? right) => (left, right) switch
    {
        (PropertyValue.Map one, PropertyValue.Map other) => one.Entries.Count == other.Entries.Count
            && one.Entries.All(entry => other.Entries.TryGetValue(entry.Key, out var value) && AreEqual(entry.Value, value)),
        (PropertyValue.List one, PropertyValue.List other) => one.Items.Length == other.Items.Length
            && one.Items.Zip(other.Items).All(pair => AreEqual(pair.First, pair.Second)),
        _ => Equals(left, right),
    };
}
