using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>A path below <c>/api</c> or <c>/apis</c>, taken apart: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris</summary>
internal sealed record ApiPath(ResourceKind Kind, string? Namespace, string? Name, string? Subresource, string Rest)
{
    /// <summary>Null when the path names no resource that is known.</summary>
    public static ApiPath? Parse(string path, KindTable kinds)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["api", var version, .. var rest] => Resource(kinds, "", version, rest),
            ["apis", var group, var version, .. var rest] => Resource(kinds, group, version, rest),
            _ => null,
        };
    }

    private static ApiPath? Resource(KindTable kinds, string group, string version, string[] parts)
    {
        // namespaces/NAME is a namespace, namespaces/NAME/pods its pods; "status" and "finalize" are no resources.
        string? @namespace = null;
        if (parts is ["namespaces", var owner, not ("status" or "finalize"), ..])
            (@namespace, parts) = (owner, parts[2..]);
        if (parts.Length == 0 || kinds.Find(group, version, parts[0]) is not { } kind || (@namespace is not null && !kind.Namespaced))
            return null;
        return new(kind, @namespace, parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2), string.Join('/', parts.Skip(3)));
    }
}
