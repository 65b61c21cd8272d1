using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Tests.Graphs;

/// <summary>Property values from what C# can write down: anonymous objects, arrays, dictionaries, and property values themselves.</summary>
internal static class Values
{
    public static readonly ImmutableSortedDictionary<string, PropertyValue> NoEntries =
        ImmutableSortedDictionary.Create<string, PropertyValue>(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, PropertyValue> Entries(object? value) =>
        value is null ? NoEntries : ((PropertyValue.Map)Of(value)).Entries;

    public static PropertyValue Of(object? value) => value switch
    {
        null => PropertyValue.Null.Instance,
        PropertyValue already => already,
        string text => new PropertyValue.Text(text),
        bool boolean => new PropertyValue.Bool(boolean),
        int or long or double or decimal => new PropertyValue.Number(Convert.ToDouble(value, null)),
        IReadOnlyDictionary<string, object?> map => Map(map),
        System.Collections.IEnumerable list => new PropertyValue.List([.. list.Cast<object?>().Select(Of)]),
        _ => Map(value.GetType().GetProperties().ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), property => property.GetValue(value))),
    };

    private static PropertyValue.Map Map(IReadOnlyDictionary<string, object?> entries) =>
        new(entries.ToImmutableSortedDictionary(entry => entry.Key, entry => Of(entry.Value), StringComparer.Ordinal));
}
