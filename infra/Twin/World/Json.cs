using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Engine.Values;
using HaCluster.Planning.Rendering;

namespace HaCluster.Twin.World;

/// <summary>Writing JSON briefly.</summary>
internal static class Json
{
    /// <summary>Without the members that are null.</summary>
    public static JsonObject Map(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var map = new JsonObject();
        foreach (var (name, value) in members)
        {
            if (value is not null)
                map[name] = value;
        }

        return map;
    }

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> members)
    {
        var map = new JsonObject();
        foreach (var (name, value) in members)
            map[name] = value;
        return map;
    }

    public static JsonArray List(IEnumerable<JsonNode?> items) => new([.. items]);

    public static JsonObject Of(KubernetesObject subject) => (JsonObject)Of(new PropertyValue.Map(subject.Content))!;

    /// <summary>Secrets were withheld before; what is unknown is null.</summary>
    public static JsonNode? Of(PropertyValue value) => value switch
    {
        PropertyValue.Text text => JsonValue.Create(text.Value),
        PropertyValue.Bool flag => JsonValue.Create(flag.Value),
        PropertyValue.Number number => number.Value == Math.Floor(number.Value) && Math.Abs(number.Value) < 1e15 ? JsonValue.Create((long)number.Value) : JsonValue.Create(number.Value),
        PropertyValue.List list => new JsonArray([.. list.Items.Select(Of)]),
        PropertyValue.Map map => Map(map),
        _ => null,
    };

    /// <summary>The same text for equal values, whatever the order of members.</summary>
    public static string Canonical(JsonElement value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    /// <summary>The member of an object, which is added when it is missing.</summary>
    public static JsonObject Member(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject found)
            return found;
        var added = new JsonObject();
        parent[name] = added;
        return added;
    }

    public static JsonObject Copy(this JsonElement element) => JsonObject.Create(element)!.DeepClone().AsObject();

    private static JsonObject Map(PropertyValue.Map map)
    {
        var result = new JsonObject();
        foreach (var (name, value) in map.Entries)
        {
            if (Of(value) is { } node)
                result[name] = node;
        }

        return result;
    }

    private static void Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    text.Append(CultureInfo.InvariantCulture, $"{JsonEncodedText.Encode(member.Name)}:");
                    Write(member.Value, text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }
}
