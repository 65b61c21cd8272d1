using System.Text.Json;

namespace HaCluster.Engine.Values;

/// <summary>Plain JSON as property values.</summary>
internal static class PropertyValueJson
{
    /// <summary>Null when the text is not JSON.</summary>
    public static PropertyValue? TryParse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static PropertyValue Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => PropertyMap.Of(json.EnumerateObject().Select(property => (property.Name, Read(property.Value)))),
        JsonValueKind.Array => new PropertyValue.List([.. json.EnumerateArray().Select(Read)]),
        JsonValueKind.String => new PropertyValue.Text(json.GetString()!),
        JsonValueKind.Number => new PropertyValue.Number(json.GetDouble()),
        JsonValueKind.True => new PropertyValue.Bool(true),
        JsonValueKind.False => new PropertyValue.Bool(false),
        _ => PropertyValue.Null.Instance,
    };
}
