using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Policies;

/// <summary>JSON inside a string: policy documents, configuration of add-ons.</summary>
internal static class JsonText
{
    /// <summary>Null when the text is not JSON. Of two entries with the same name the last wins, as for the readers of the JSON.</summary>
    public static PropertyValue? TryParse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static PropertyValue Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new PropertyValue.Map(ImmutableSortedDictionary.Create<string, PropertyValue>(StringComparer.Ordinal)
            .SetItems(json.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, Read(entry.Value))))),
        JsonValueKind.Array => new PropertyValue.List([.. json.EnumerateArray().Select(Read)]),
        JsonValueKind.String => new PropertyValue.Text(json.GetString()!),
        JsonValueKind.Number => new PropertyValue.Number(json.GetDouble()),
        JsonValueKind.True => new PropertyValue.Bool(true),
        JsonValueKind.False => new PropertyValue.Bool(false),
        _ => PropertyValue.Null.Instance,
    };
}
