using System.Collections.Frozen;
using System.Text.Json;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Schemas;

/// <summary>Makes specifications out of the JSON of a package schema.</summary>
internal static class SpecReader
{
    public static ResourceSpec Resource(string token, JsonElement json) => new(
        token,
        Object(json, "inputProperties", "requiredInputs"),
        Object(json, "properties", "required"));

    public static ObjectSpec Object(JsonElement json) => Object(json, "properties", "required");

    /// <returns>An <see cref="ObjectSpec"/> or an <see cref="EnumSpec"/>.</returns>
    public static object Type(JsonElement json) => json.TryGetProperty("enum", out var values)
        ? new EnumSpec(
            Primitive(json.GetProperty("type").GetString()!),
            [.. values.EnumerateArray().Select(value => Constant(value.GetProperty("value")))])
        : Object(json);

    private static ObjectSpec Object(JsonElement json, string properties, string required) => new(
        json.TryGetProperty(properties, out var declared)
            ? declared.EnumerateObject().Select(Property).ToFrozenDictionary(property => property.Name, StringComparer.Ordinal)
            : FrozenDictionary<string, PropertySpec>.Empty,
        json.TryGetProperty(required, out var names)
            ? names.EnumerateArray().Select(name => name.GetString()!).ToFrozenSet(StringComparer.Ordinal)
            : FrozenSet<string>.Empty);

    private static PropertySpec Property(JsonProperty property) => new(
        property.Name,
        TypeOf(property.Value),
        property.Value.TryGetProperty("secret", out var secret) && secret.GetBoolean(),
        property.Value.TryGetProperty("const", out var constant) ? Constant(constant) : null);

    private static TypeSpec TypeOf(JsonElement json)
    {
        if (json.TryGetProperty("oneOf", out var alternatives))
            return new TypeSpec.OneOf([.. alternatives.EnumerateArray().Select(TypeOf)]);
        if (json.TryGetProperty("$ref", out var reference))
            return Reference(reference.GetString()!);
        return json.TryGetProperty("type", out var type) ? type.GetString() switch
        {
            "array" => new TypeSpec.Array(TypeOf(json.GetProperty("items"))),
            "object" => new TypeSpec.Map(json.TryGetProperty("additionalProperties", out var values) ? TypeOf(values) : TypeSpec.Any.Instance),
            var primitive => new TypeSpec.Primitive(Primitive(primitive!)),
        }
        : TypeSpec.Any.Instance;
    }

    private static TypeSpec Reference(string reference)
    {
        const string types = "#/types/";
        return reference switch
        {
            "pulumi.json#/Asset" => new TypeSpec.Asset(),
            "pulumi.json#/Archive" => new TypeSpec.Archive(),
            _ when reference.StartsWith(types, StringComparison.Ordinal) => new TypeSpec.Named(Uri.UnescapeDataString(reference[types.Length..])),
            _ => TypeSpec.Any.Instance,
        };
    }

    private static PrimitiveKind Primitive(string name) => name switch
    {
        "string" => PrimitiveKind.String,
        "boolean" => PrimitiveKind.Boolean,
        "integer" => PrimitiveKind.Integer,
        "number" => PrimitiveKind.Number,
        _ => throw new JsonException($"'{name}' is not a type of the package schema"),
    };

    private static PropertyValue Constant(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => new PropertyValue.Text(json.GetString()!),
        JsonValueKind.Number => new PropertyValue.Number(json.GetDouble()),
        JsonValueKind.True => new PropertyValue.Bool(true),
        JsonValueKind.False => new PropertyValue.Bool(false),
        _ => throw new JsonException($"{json} cannot be a constant of the package schema"),
    };
}
