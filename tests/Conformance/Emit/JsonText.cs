using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Engine.Values;

namespace HaCluster.Conformance.Emit;

/// <summary>Undoes what SDKs do to settings of a provider: those that are not strings are sent as JSON text.</summary>
internal static class JsonText
{
    public static PropertyValue Decode(PropertyValue value) => value switch
    {
        PropertyValue.Secret secret => new PropertyValue.Secret(Decode(secret.Inner)),
        PropertyValue.Text text => FromJson(JsonSerializer.Deserialize<JsonElement>(text.Value)),
        _ => value,
    };

    private static PropertyValue FromJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => new PropertyValue.Bool(true),
        JsonValueKind.False => new PropertyValue.Bool(false),
        JsonValueKind.Number => new PropertyValue.Number(element.GetDouble()),
        JsonValueKind.String => new PropertyValue.Text(element.GetString()!),
        JsonValueKind.Array => new PropertyValue.List([.. element.EnumerateArray().Select(FromJson)]),
        JsonValueKind.Object => new PropertyValue.Map(element.EnumerateObject()
            .ToImmutableSortedDictionary(property => property.Name, property => FromJson(property.Value), StringComparer.Ordinal)),
        _ => PropertyValue.Null.Instance,
    };
}
