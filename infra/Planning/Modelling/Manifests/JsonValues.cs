using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>Turns JSON into property values.</summary>
internal static class JsonValues
{
    public static PropertyValue Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new PropertyValue.Map(Entries(element)),
        JsonValueKind.Array => new PropertyValue.List([.. element.EnumerateArray().Select(Of)]),
        JsonValueKind.String => new PropertyValue.Text(element.GetString()!),
        JsonValueKind.Number => new PropertyValue.Number(element.GetDouble()),
        JsonValueKind.True or JsonValueKind.False => new PropertyValue.Bool(element.GetBoolean()),
        _ => PropertyValue.Null.Instance,
    };

    private static ImmutableSortedDictionary<string, PropertyValue> Entries(JsonElement element)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<string, PropertyValue>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
            entries[property.Name] = Of(property.Value);
        return entries.ToImmutable();
    }
}
