using System.Text.Json;

namespace HaCluster.Twin.Kubernetes.Schemas;

/// <summary>Reads the structural schema of a custom resource: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema</summary>
internal static class CustomSchema
{
    /// <summary>The schema of a whole object: metadata is the same for every kind.</summary>
    public static TypeSchema OfObject(JsonElement root)
    {
        var read = Of(root);
        var properties = new Dictionary<string, TypeSchema>(read.Properties);
        var pod = BuiltInSchemas.Find("", "v1", "Pod")!;
        foreach (var common in (string[])["apiVersion", "kind", "metadata"])
            properties[common] = pod.Properties[common];
        return new() { Shape = Shape.Object, PropertiesOf = () => properties, KeepsUnknown = read.KeepsUnknown || read.Shape == Shape.Any };
    }

    private static TypeSchema Of(JsonElement schema)
    {
        var type = Text(schema, "type");
        if (IsTrue(schema, "x-kubernetes-int-or-string"))
            return new() { Shape = Shape.Scalar, Format = "int-or-string" };
        if (schema.TryGetProperty("properties", out var properties))
        {
            return new()
            {
                Shape = Shape.Object,
                PropertiesOf = () => properties.EnumerateObject().ToDictionary(property => property.Name, property => Of(property.Value)),
                IsAtomic = Text(schema, "x-kubernetes-map-type") == "atomic",
                KeepsUnknown = IsTrue(schema, "x-kubernetes-preserve-unknown-fields"),
            };
        }
        if (type == "object" && schema.TryGetProperty("additionalProperties", out var values) && values.ValueKind == JsonValueKind.Object)
            return new() { Shape = Shape.Map, Items = Of(values), IsAtomic = Text(schema, "x-kubernetes-map-type") == "atomic" };
        if (type == "array" && schema.TryGetProperty("items", out var items))
        {
            return new()
            {
                Shape = Shape.List,
                Items = Of(items),
                List = Text(schema, "x-kubernetes-list-type") switch { "map" => ListType.Map, "set" => ListType.Set, _ => ListType.Atomic },
                Keys = schema.TryGetProperty("x-kubernetes-list-map-keys", out var keys) ? [.. keys.EnumerateArray().Select(key => key.GetString()!)] : [],
            };
        }
        return type switch
        {
            "string" or "integer" or "number" or "boolean" => new() { Shape = Shape.Scalar, Scalar = type, Format = Text(schema, "format") },
            "object" when !IsTrue(schema, "x-kubernetes-preserve-unknown-fields") => new() { Shape = Shape.Object },
            _ => TypeSchema.Any,
        };
    }

    private static string Text(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool IsTrue(JsonElement schema, string name) => schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
