using HaCluster.Sdk.Generator.Json;

namespace HaCluster.Sdk.Generator.Schema;

/// <summary>The type part of a property.</summary>
/// <param name="isEnum">Every token of <c>types</c>, and whether it is an enumeration.</param>
internal sealed class PropertyTypeReader(IReadOnlyDictionary<string, bool> isEnum)
{
    private const string TypesPrefix = "#/types/";

    public PropertyType Read(JsonValue json)
    {
        if (json.Find("oneOf") is { } oneOf)
            return new PropertyType.Union([.. oneOf.Items.Select(Read)]);

        return json.Find("$ref") is { } reference ? ReadReference(reference) : ReadPlain(json);
    }

    private PropertyType ReadReference(JsonValue reference)
    {
        switch (reference.Text)
        {
            case "pulumi.json#/Any": return new PropertyType.Primitive("object");
            case "pulumi.json#/Asset": return new PropertyType.Primitive("AssetOrArchive");
            case "pulumi.json#/Archive": return new PropertyType.Primitive("Archive");
            case "pulumi.json#/Json": return new PropertyType.Primitive("System.Text.Json.JsonElement", isValueType: true);
        }

        var token = reference.Text.StartsWith(TypesPrefix, StringComparison.Ordinal) ? reference.Text.Substring(TypesPrefix.Length) : "";
        if (!isEnum.TryGetValue(token, out var enumeration))
            throw new SchemaException(SchemaDiagnostics.UnknownType, reference.Position, $"$ref '{reference.Text}' names nothing in 'types'");

        return enumeration ? new PropertyType.Enum(token) : new PropertyType.Object(token);
    }

    private PropertyType ReadPlain(JsonValue json)
    {
        switch (json.Find("type")?.Text)
        {
            case "string": return new PropertyType.Primitive("string");
            case "boolean": return new PropertyType.Primitive("bool", isValueType: true);
            case "integer": return new PropertyType.Primitive("int", isValueType: true);
            case "number": return new PropertyType.Primitive("double", isValueType: true);
            case "array": return new PropertyType.Array(Read(json.Find("items") ?? throw Missing(json, "items")));
            case "object": return new PropertyType.Map(json.Find("additionalProperties") is { } values ? Read(values) : new PropertyType.Primitive("string"));
            case null: throw Missing(json, "type, $ref or oneOf");
            case var other: throw new SchemaException(SchemaDiagnostics.Malformed, json.Position, $"the type '{other}' does not exist");
        }
    }

    private static SchemaException Missing(JsonValue json, string what) => new(SchemaDiagnostics.Malformed, json.Position, $"'{what}' is missing here");
}
