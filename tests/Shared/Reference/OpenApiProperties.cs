using System.Text.Json.Nodes;

namespace HaCluster.Tests.Shared.Reference;

/// <summary>The properties of the schemas in an OpenAPI document.</summary>
internal static class OpenApiProperties
{
    /// <summary>Where a reader has to guess a unit, a shape or an origin. The items of a page, and the names of streams, are described by their own schemas.</summary>
    /// <param name="path">From the root of the checkout.</param>
    public static IReadOnlyList<string> WithoutDescription(string path) =>
        [.. JsonNode.Parse(File.ReadAllText(ReferencePage.FullPathOf(path)))!["components"]!["schemas"]!.AsObject().SelectMany(schema => In(schema.Key, schema.Value!))];

    private static IEnumerable<string> In(string name, JsonNode schema)
    {
        foreach (var (property, value) in schema["properties"] as JsonObject ?? [])
        {
            var isPage = value!["type"]?.ToString() == "array" && value["items"]!["$ref"] is not null;
            if (value["description"] is null && !isPage && value["$ref"]?.ToString() != "#/components/schemas/StreamName")
                yield return $"{name}.{property}";
            foreach (var inner in In($"{name}.{property}", value).Concat(value["items"] is { } items ? In($"{name}.{property}", items) : []).Concat(value["additionalProperties"] is JsonObject each ? In($"{name}.{property}", each) : []))
                yield return inner;
        }
    }
}
