using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Kubernetes.Schemas;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes.Validation;

/// <summary>
/// Drops the fields that a kind does not have, and says so as the client asked: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
/// Refuses values of another JSON type than the field's. Not done: duplicate fields (the last one wins), the formats of strings, the constraints of custom
/// schemas (required, enum, pattern, CEL).
/// </summary>
internal static class UnknownFields
{
    private const int MostWarnings = 20;

    /// <exception cref="StatusException">400: a value of a wrong type, or unknown fields and the client asked for strict validation.</exception>
    public static void Check(ApiRequest request, JsonObject value)
    {
        var unknown = new List<string>();
        var kind = request.Kind;
        Walk(value, SchemaCatalog.Of(kind), "", unknown, kind);
        switch (request.Query("fieldValidation"))
        {
            case "Strict" when unknown.Count > 0:
                throw Unreadable(kind, "strict decoding error: " + string.Join(", ", unknown.Select(Complaint)));
            case null or "Warn":
                foreach (var path in unknown.Take(MostWarnings))
                    request.Http.Response.Headers.Append("Warning", $"299 - \"{Complaint(path).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
                break;
            case "Strict" or "Ignore":
                break;
            case var other:
                throw StatusException.BadRequest($"fieldValidation is \"{other}\"; supported values: \"Ignore\", \"Strict\", \"Warn\"");
        }
    }

    private static void Walk(JsonNode? value, TypeSchema schema, string path, List<string> unknown, ResourceKind kind)
    {
        RequireType(value, schema, path, kind);
        switch (value)
        {
            case JsonObject map when schema.Shape == Shape.Object:
                foreach (var (name, child) in map.ToList())
                {
                    if (child is null)
                        map.Remove(name);
                    else if (schema.Properties.TryGetValue(name, out var property))
                        Walk(child, property, Join(path, name), unknown, kind);
                    else if (!schema.KeepsUnknown)
                    {
                        unknown.Add(Join(path, name));
                        map.Remove(name);
                    }
                }
                break;
            case JsonObject map when schema.Shape == Shape.Map:
                foreach (var (name, child) in map)
                    Walk(child, schema.Items, Join(path, name), unknown, kind);
                break;
            case JsonArray list when schema.Shape == Shape.List:
                for (var at = 0; at < list.Count; at++)
                    Walk(list[at], schema.Items, $"{path}[{at}]", unknown, kind);
                break;
            default:
                break;
        }
    }

    private static void RequireType(JsonNode? value, TypeSchema schema, string path, ResourceKind kind)
    {
        if (value is null)
            return;
        var actual = value.GetValueKind();
        var fits = schema.Shape switch
        {
            Shape.Object or Shape.Map => actual == JsonValueKind.Object,
            Shape.List => actual == JsonValueKind.Array,
            Shape.Scalar => schema.Scalar switch
            {
                "string" => actual == JsonValueKind.String,
                "boolean" => actual is JsonValueKind.True or JsonValueKind.False,
                "integer" or "number" => actual == JsonValueKind.Number,
                _ => actual is JsonValueKind.Number or JsonValueKind.String,
            },
            _ => true,
        };
        if (!fits)
        {
            var expected = schema.Shape == Shape.Scalar ? schema.Scalar.Length == 0 ? schema.Format : schema.Scalar : schema.Shape.ToString().ToLowerInvariant();
            throw Unreadable(kind, $"json: cannot unmarshal {actual.ToString().ToLowerInvariant()} into Go struct field {kind.Kind}.{path} of type {expected}");
        }
    }

    private static StatusException Unreadable(ResourceKind kind, string why) =>
        StatusException.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: {why}");

    private static string Complaint(string path) => $"unknown field \"{path}\"";

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
