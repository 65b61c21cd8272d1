using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Verbs;

/// <summary>An object in a body must be the one that the path names.</summary>
internal static class Identity
{
    // https://github.com/kubernetes/kubernetes/tree/master/pkg/registry: AllowUnconditionalUpdate is false
    private static readonly string[] Conditional = ["leases.coordination.k8s.io", "poddisruptionbudgets.policy"];

    public static bool NeedsVersion(ResourceKind kind) => kind.IsCustom || Conditional.Contains(kind.Resource);

    /// <summary>Fills in what the path says and the body leaves out.</summary>
    /// <exception cref="StatusException">400: body and path differ.</exception>
    public static void Check(ApiRequest request, JsonObject value)
    {
        var kind = request.Kind;
        Require(value, "apiVersion", kind.ApiVersion, actual => $"the API version in the data ({actual}) does not match the expected API version ({kind.ApiVersion})");
        Require(value, "kind", kind.Kind, actual => $"the kind in the data ({actual}) does not match the expected kind ({kind.Kind})");
        if (value["metadata"] is not JsonObject metadata)
            value["metadata"] = metadata = [];
        if (request.Namespace is { } @namespace)
            Require(metadata, "namespace", @namespace, _ => "the namespace of the provided object does not match the namespace sent on the request");
        if (request.Name is { } name)
            Require(metadata, "name", name, actual => $"the name of the object ({actual}) does not match the name on the URL ({name})");
    }

    public static void Copy(string property, JsonObject from, JsonObject to)
    {
        to.Remove(property);
        if (from[property] is { } part)
            to[property] = part.DeepClone();
    }

    private static void Require(JsonObject parent, string property, string expected, Func<string, string> complaint)
    {
        if (parent[property] is not { } node)
            parent[property] = expected;
        else if (node is not JsonValue value || !value.TryGetValue(out string? text))
            throw StatusException.BadRequest($"{property} must be a string");
        else if (text.Length == 0)
            parent[property] = expected;
        else if (text != expected)
            throw StatusException.BadRequest(complaint(text));
    }
}
