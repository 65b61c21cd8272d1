using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Discovery;

/// <summary>The entries of an <c>APIResourceList</c>: a resource and its subresources.</summary>
internal static class ResourceRows
{
    private static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public static IEnumerable<JsonObject> Of(ResourceKind kind)
    {
        var row = Row(kind, kind.Plural, kind.Singular, kind.Kind, kind.IsVirtual ? ["create"] : AllVerbs);
        if (kind.ShortNames.Count > 0)
            row["shortNames"] = new JsonArray([.. kind.ShortNames.Select(name => JsonValue.Create(name))]);
        if (kind.Categories.Count > 0)
            row["categories"] = new JsonArray([.. kind.Categories.Select(name => JsonValue.Create(name))]);
        return [row, .. kind.Subresources.Select(subresource => Sub(kind, subresource))];
    }

    private static JsonObject Sub(ResourceKind kind, string subresource)
    {
        var name = $"{kind.Plural}/{subresource}";
        return subresource switch
        {
            "scale" => Foreign(Row(kind, name, "", "Scale", ["get", "patch", "update"]), "autoscaling", "v1"),
            "eviction" => Foreign(Row(kind, name, "", "Eviction", ["create"]), "policy", "v1"),
            "token" => Foreign(Row(kind, name, "", "TokenRequest", ["create"]), "authentication.k8s.io", "v1"),
            "binding" => Row(kind, name, "", "Binding", ["create"]),
            "finalize" => Row(kind, name, "", kind.Kind, ["update"]),
            "log" => Row(kind, name, "", kind.Kind, ["get"]),
            "exec" or "attach" or "portforward" => Row(kind, name, "", $"Pod{char.ToUpperInvariant(subresource[0])}{subresource[1..]}Options", ["create", "get"]),
            "proxy" => Row(kind, name, "", $"{kind.Kind}ProxyOptions", ["create", "delete", "get", "patch", "update"]),
            _ => Row(kind, name, "", kind.Kind, ["get", "patch", "update"]),
        };
    }

    private static JsonObject Foreign(JsonObject row, string group, string version)
    {
        row["group"] = group;
        row["version"] = version;
        return row;
    }

    private static JsonObject Row(ResourceKind kind, string name, string singular, string kindName, string[] verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = singular,
        ["namespaced"] = kind.Namespaced,
        ["kind"] = kindName,
        ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]),
    };
}
