using System.Text.Json.Nodes;

namespace HaCluster.Stack.Settings;

/// <summary>Types of values in JSON Schema. Numbers and booleans may also be strings: <c>pulumi config set</c> writes them so.</summary>
internal static class SchemaTypes
{
    public static JsonObject Integer(int least, int most, IEnumerable<int>? allowed) => allowed is null
        ? new()
        {
            ["type"] = new JsonArray("integer", "string"),
            ["minimum"] = least,
            ["maximum"] = most,
            ["pattern"] = "^-?[0-9]+$",
        }
        : new()
        {
            ["anyOf"] = new JsonArray(
                new JsonObject { ["enum"] = new JsonArray([.. allowed.Select(number => (JsonNode)number)]) },
                new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+$" }),
        };

    public static JsonObject Boolean() => new() { ["enum"] = new JsonArray(true, false, "true", "false") };

    public static JsonObject Text(Shape? shape, bool mayBeEmpty)
    {
        var type = new JsonObject { ["type"] = "string" };
        if (shape is null)
            return type;

        type["pattern"] = mayBeEmpty ? $"^$|{SettingsSchema.PatternOf(shape)}" : SettingsSchema.PatternOf(shape);
        type["x-expected"] = shape.Advice;
        return type;
    }

    public static JsonObject Words(IEnumerable<string> words) => new() { ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) };

    public static JsonObject List(Shape? shape) => new()
    {
        ["type"] = "array",
        ["items"] = Text(shape, mayBeEmpty: false),
        ["uniqueItems"] = true,
    };

    public static JsonObject Amount(Shape shape) => new()
    {
        ["type"] = new JsonArray("string", "number"),
        ["pattern"] = SettingsSchema.PatternOf(shape),
        ["x-expected"] = shape.Advice,
        ["minimum"] = 0,
    };
}
