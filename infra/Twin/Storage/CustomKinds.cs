using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Twin.Storage;

/// <summary>Reads CustomResourceDefinitions: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/</summary>
internal static class CustomKinds
{
    public static bool IsDefinition(ResourceKind kind) => kind is { Group: "apiextensions.k8s.io", Plural: "customresourcedefinitions" };

    /// <summary>The served versions, the stored one first: objects are kept once and shown in each version.</summary>
    /// <exception cref="StatusException">422: a field that every definition needs is missing.</exception>
    public static List<ResourceKind> Read(JsonObject definition)
    {
        var name = (string?)definition["metadata"]?["name"] ?? "";
        var spec = definition["spec"] as JsonObject ?? [];
        var names = spec["names"] as JsonObject ?? [];
        string Needed(JsonObject parent, string field, string path) =>
            (string?)parent[field] ?? throw Invalid(name, FieldError.Required(path, ""));
        var (group, plural, kind) = (Needed(spec, "group", "spec.group"), Needed(names, "plural", "spec.names.plural"), Needed(names, "kind", "spec.names.kind"));
        if (name != $"{plural}.{group}")
            throw Invalid(name, FieldError.Invalid("metadata.name", $"\"{name}\"", "must be spec.names.plural+\".\"+spec.group"));

        return
        [
            .. Versions(spec).Where(version => (bool?)version["served"] ?? false).OrderByDescending(version => (bool?)version["storage"] ?? false).Select(version => new ResourceKind
            {
                Group = group,
                Version = (string?)version["name"] ?? throw Invalid(name, FieldError.Required("spec.versions[0].name", "")),
                Kind = kind,
                Plural = plural,
                Singular = (string?)names["singular"] ?? "",
                ListKind = (string?)names["listKind"] ?? "",
                Namespaced = (string?)spec["scope"] != "Cluster",
                ShortNames = Words(names["shortNames"]),
                Categories = Words(names["categories"]),
                Subresources = version["subresources"] is JsonObject subresources ? [.. subresources.Select(pair => pair.Key)] : [],
                Columns = version["additionalPrinterColumns"] is JsonArray columns ? [.. columns.OfType<JsonObject>().Select(Column)] : [],
                Scale = version["subresources"]?["scale"] is JsonObject scale ? ScaleOf(scale) : null,
                Schema = version["schema"]?["openAPIV3Schema"] is JsonObject schema ? JsonSerializer.SerializeToElement(schema) : null,
                HasGeneration = true,
                IsCustom = true,
            }),
        ];
    }

    /// <summary>The status that the API server's own controllers give to a definition: names accepted, established.</summary>
    public static JsonObject EstablishedStatus(JsonObject definition, string now) => new()
    {
        ["acceptedNames"] = definition["spec"]!["names"]!.DeepClone(),
        ["storedVersions"] = new JsonArray([.. Versions(definition["spec"]!.AsObject()).Where(version => (bool?)version["storage"] ?? false).Select(version => version["name"]?.DeepClone())]),
        ["conditions"] = new JsonArray(
            Condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
            Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now)),
    };

    private static JsonObject Condition(string type, string reason, string message, string now) =>
        new() { ["type"] = type, ["status"] = "True", ["lastTransitionTime"] = now, ["reason"] = reason, ["message"] = message };

    private static IEnumerable<JsonObject> Versions(JsonObject spec) => spec["versions"] is JsonArray versions ? versions.OfType<JsonObject>() : [];

    private static PrinterColumn Column(JsonObject column) => new(
        (string?)column["name"] ?? "", (string?)column["type"] ?? "string", (string?)column["jsonPath"] ?? "",
        (int?)column["priority"] ?? 0, (string?)column["format"] ?? "", (string?)column["description"] ?? "");

    private static ScalePaths ScaleOf(JsonObject scale) =>
        new((string?)scale["specReplicasPath"] ?? ".spec.replicas", (string?)scale["statusReplicasPath"] ?? ".status.replicas", (string?)scale["labelSelectorPath"]);

    private static string[] Words(JsonNode? list) => list is JsonArray words ? [.. words.Select(word => (string)word!)] : [];

    private static StatusException Invalid(string name, FieldError error) =>
        StatusException.Invalid(new ResourceKind { Group = "apiextensions.k8s.io", Version = "v1", Kind = "CustomResourceDefinition", Plural = "customresourcedefinitions" }, name, error);
}
