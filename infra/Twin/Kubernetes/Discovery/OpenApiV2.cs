using System.Text.Json.Nodes;
using Google.Protobuf;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Discovery;

/// <summary>
/// The OpenAPI v2 document in Protobuf, the only form in which kubectl before 1.27 reads schemas. Field numbers:
/// https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto
/// </summary>
internal static class OpenApiV2
{
    public const string MediaType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /// <summary>The same without the @, which Go does not accept in an answer: https://github.com/kubernetes/kube-openapi/blob/master/pkg/handler/handler.go</summary>
    public const string AnsweredType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    public static byte[] Encode(JsonObject v3) => Message(document =>
    {
        Text(document, 1, "2.0");
        Nested(document, 2, info =>
        {
            Text(info, 1, "Kubernetes");
            Text(info, 2, "unversioned");
        });
        Nested(document, 8, paths =>
        {
            foreach (var (path, operations) in v3["paths"]!.AsObject())
                Named(paths, 2, path, item => Nested(item, 8, operation => Operation(operation, operations!["patch"]!.AsObject())));
        });
        Nested(document, 9, definitions =>
        {
            foreach (var (name, schema) in v3["components"]!["schemas"]!.AsObject())
                Named(definitions, 1, name, value => Schema(value, schema!.AsObject()));
        });
    });

    private static void Operation(CodedOutputStream operation, JsonObject patch)
    {
        foreach (var parameter in patch["parameters"]!.AsArray())
        {
            // ParametersItem, Parameter, NonBodyParameter, QueryParameterSubSchema
            Nested(operation, 8, item => Nested(item, 1, any => Nested(any, 2, nonBody => Nested(nonBody, 3, query =>
            {
                Text(query, 2, "query");
                Text(query, 4, (string)parameter!["name"]!);
                Text(query, 6, (string)parameter["schema"]!["type"]!);
            }))));
        }
        Extensions(operation, 13, patch);
    }

    private static void Schema(CodedOutputStream output, JsonObject schema)
    {
        if (schema["allOf"]?[0]?["$ref"].AsText() is { } reference)
        {
            Text(output, 1, reference.Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal));
            return;
        }
        if (schema["format"].AsText() is { } format)
            Text(output, 2, format);
        if (schema["additionalProperties"] is JsonObject values)
            Nested(output, 21, item => Nested(item, 1, value => Schema(value, values)));
        // Either of two types is a string here, with the format int-or-string where a number may stand.
        Nested(output, 22, type => Text(type, 1, schema["type"].AsText() ?? "string"));
        if (schema["items"] is JsonObject items)
            Nested(output, 23, item => Nested(item, 1, value => Schema(value, items)));
        if (schema["properties"] is JsonObject properties)
        {
            Nested(output, 25, map =>
            {
                foreach (var (name, property) in properties)
                    Named(map, 1, name, value => Schema(value, property!.AsObject()));
            });
        }
        Extensions(output, 31, schema);
    }

    private static void Extensions(CodedOutputStream output, int field, JsonObject owner)
    {
        // Values are YAML; JSON is YAML.
        foreach (var (name, value) in owner.Where(pair => pair.Key.StartsWith("x-", StringComparison.Ordinal)))
            Named(output, field, name, any => Text(any, 2, value!.ToJsonString()));
    }

    private static void Named(CodedOutputStream output, int field, string name, Action<CodedOutputStream> value) => Nested(output, field, pair =>
    {
        Text(pair, 1, name);
        Nested(pair, 2, value);
    });

    private static void Nested(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(Message(write)));
    }

    private static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
            write(output);
        return buffer.ToArray();
    }
}
