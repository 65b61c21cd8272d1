using Microsoft.CodeAnalysis.Text;

namespace HaCluster.Sdk.Generator.Json;

/// <summary>A JSON value with the place it was read at, so that a mistake in the schema can be shown where it is.</summary>
internal sealed class JsonValue
{
    private JsonValue(JsonKind kind, LinePosition position, string text, IReadOnlyList<JsonValue> items, IReadOnlyList<KeyValuePair<string, JsonValue>> members)
    {
        Kind = kind;
        Position = position;
        Text = text;
        Items = items;
        Members = members;
    }

    public JsonKind Kind { get; }

    public LinePosition Position { get; }

    /// <summary>The text of a string without its escapes; a number or boolean as it is written.</summary>
    public string Text { get; }

    public IReadOnlyList<JsonValue> Items { get; }

    /// <summary>The members of an object in the order of the file.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonValue>> Members { get; }

    public static JsonValue Scalar(JsonKind kind, string text, LinePosition position) => new(kind, position, text, [], []);

    public static JsonValue Array(IReadOnlyList<JsonValue> items, LinePosition position) => new(JsonKind.Array, position, "", items, []);

    public static JsonValue Object(IReadOnlyList<KeyValuePair<string, JsonValue>> members, LinePosition position)
        => new(JsonKind.Object, position, "", [], members);

    /// <summary>The member of that name, or null.</summary>
    public JsonValue? Find(string name)
    {
        foreach (var member in Members)
        {
            if (member.Key == name)
                return member.Value;
        }

        return null;
    }
}

/// <summary>What a <see cref="JsonValue"/> is.</summary>
internal enum JsonKind
{
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}
