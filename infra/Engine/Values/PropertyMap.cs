using System.Collections.Immutable;

namespace HaCluster.Engine.Values;

/// <summary>How property maps are built: their keys are in ordinal order, in every culture.</summary>
internal static class PropertyMap
{
    public static readonly ImmutableSortedDictionary<string, PropertyValue> Empty =
        ImmutableSortedDictionary.Create<string, PropertyValue>(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, PropertyValue>.Builder CreateBuilder() => Empty.ToBuilder();

    public static PropertyValue.Map Of(params IEnumerable<(string Name, PropertyValue Value)> entries) =>
        new(entries.ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal));

    public static PropertyValue.List ListOf(params IEnumerable<PropertyValue> items) => new([.. items]);

    /// <summary>Adds an entry unless there is one.</summary>
    public static void TryAdd(this ImmutableSortedDictionary<string, PropertyValue>.Builder entries, string name, PropertyValue value)
    {
        if (!entries.ContainsKey(name))
            entries[name] = value;
    }
}
