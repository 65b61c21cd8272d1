using System.Text.Json.Nodes;

namespace HaCluster.Twin.Storage;

/// <summary>Reads nodes whatever made them: a number set as an int cannot be cast to a long.</summary>
public static class JsonReading
{
    /// <summary>The whole number; null when the node is absent or anything else.</summary>
    public static long? AsLong(this JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue(out long whole) => whole,
        JsonValue value when value.TryGetValue(out int small) => small,
        _ => null,
    };

    /// <summary>The text; null when the node is absent or anything else.</summary>
    public static string? AsText(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
