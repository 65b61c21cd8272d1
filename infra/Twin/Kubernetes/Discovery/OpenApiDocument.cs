using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Schemas;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Discovery;

/// <summary>
/// An OpenAPI v3 document with what clients use of it: the schemas with how lists merge, and per kind a patch operation that says that the server validates
/// fields. Descriptions, responses and most operations are left out.
/// </summary>
internal static class OpenApiDocument
{
    public static JsonObject Of(IReadOnlyList<ResourceKind> kinds)
    {
        var schemas = new JsonObject();
        var paths = new JsonObject();
        foreach (var kind in kinds)
        {
            var schema = SchemaCatalog.Of(kind);
            var body = Object(schema, schemas);
            body["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(kind));
            schemas[NameOf(kind)] = body;
            paths[PathOf(kind)] = new JsonObject { ["patch"] = PatchOperation(kind) };
        }
        return new()
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "unversioned" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static JsonObject PatchOperation(ResourceKind kind) => new()
    {
        ["parameters"] = new JsonArray([.. new[] { "dryRun", "fieldManager", "fieldValidation", "force" }.Select(name =>
            new JsonObject { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = name == "force" ? "boolean" : "string" } })]),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-action"] = "patch",
        ["x-kubernetes-group-version-kind"] = GroupVersionKind(kind),
    };

    private static JsonObject GroupVersionKind(ResourceKind kind) => new() { ["group"] = kind.Group, ["kind"] = kind.Kind, ["version"] = kind.Version };

    private static string PathOf(ResourceKind kind) =>
        $"/{(kind.Group.Length == 0 ? "api" : $"apis/{kind.Group}")}/{kind.Version}/{(kind.Namespaced ? "namespaces/{namespace}/" : "")}{kind.Plural}/{{name}}";

    // The real names differ (io.k8s.api.apps.v1.Deployment); clients find a kind by its group, version and kind.
    private static string NameOf(ResourceKind kind) => $"{(kind.Group.Length == 0 ? "core" : kind.Group)}.{kind.Version}.{kind.Kind}";

    private static JsonObject Object(TypeSchema schema, JsonObject schemas)
    {
        var result = new JsonObject { ["type"] = "object" };
        if (schema.Shape == Shape.Object && schema.Properties.Count > 0)
            result["properties"] = new JsonObject(schema.Properties.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Property(pair.Value, schemas))));
        if (schema.IsAtomic)
            result["x-kubernetes-map-type"] = "atomic";
        if (schema.KeepsUnknown || schema.Shape == Shape.Any)
            result["x-kubernetes-preserve-unknown-fields"] = true;
        return result;
    }

    private static JsonObject Property(TypeSchema schema, JsonObject schemas)
    {
        switch (schema.Shape)
        {
            case Shape.Scalar:
                return Scalar(schema);
            case Shape.Map:
                var map = new JsonObject { ["type"] = "object", ["additionalProperties"] = Property(schema.Items, schemas) };
                if (schema.IsAtomic)
                    map["x-kubernetes-map-type"] = "atomic";
                return map;
            case Shape.List:
                return List(schema, schemas);
            case Shape.Object when schema.TypeName.Length > 0:
                return Reference(schema, schemas);
            default:
                return Object(schema, schemas);
        }
    }

    private static JsonObject Scalar(TypeSchema schema)
    {
        var result = new JsonObject();
        if (schema.Format == "int-or-string")
            return new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }), ["format"] = "int-or-string" };
        if (schema.Format == "quantity")
            return new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, new JsonObject { ["type"] = "number" }) };
        result["type"] = schema.Scalar;
        if (schema.Format.Length > 0)
            result["format"] = schema.Format;
        return result;
    }

    private static JsonObject List(TypeSchema schema, JsonObject schemas)
    {
        var result = new JsonObject
        {
            ["type"] = "array",
            ["items"] = Property(schema.Items, schemas),
            ["x-kubernetes-list-type"] = schema.List.ToString().ToLowerInvariant(),
        };
        if (schema.Keys.Count > 0)
            result["x-kubernetes-list-map-keys"] = new JsonArray([.. schema.Keys.Select(key => JsonValue.Create(key))]);
        if (schema.PatchMerges)
            result["x-kubernetes-patch-strategy"] = "merge";
        if (schema.PatchMergeKey is { } mergeKey)
            result["x-kubernetes-patch-merge-key"] = mergeKey;
        return result;
    }

    private static JsonObject Reference(TypeSchema schema, JsonObject schemas)
    {
        if (!schemas.ContainsKey(schema.TypeName))
        {
            // Before its content: a type may contain itself.
            schemas[schema.TypeName] = null;
            schemas[schema.TypeName] = Object(schema, schemas);
        }
        return new() { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = $"#/components/schemas/{schema.TypeName}" }) };
    }
}
