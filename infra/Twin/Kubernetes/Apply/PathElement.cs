using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Schemas;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Apply;

/// <summary>The steps of a path: https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/fieldpath/serialize-pe.go</summary>
internal static class PathElement
{
    public static string Field(string name) => "f:" + name;

    /// <summary>The step to an item of a list that is not atomic; null when the item has no such identity.</summary>
    public static string? Item(JsonNode? item, TypeSchema list)
    {
        if (list.List == ListType.Set)
            return "v:" + (item?.ToJsonString(StoredJson.Options) ?? "null");
        if (item is not JsonObject fields)
            return null;
        var keys = new JsonObject();
        foreach (var key in list.Keys.Order(StringComparer.Ordinal))
        {
            // The one default that keys of built-in lists have.
            if (fields[key]?.DeepClone() is { } value)
                keys[key] = value;
            else if (key == "protocol")
                keys[key] = "TCP";
        }
        return keys.Count == 0 ? null : "k:" + keys.ToJsonString(StoredJson.Options);
    }

    /// <summary>The step as messages show it.</summary>
    public static string Text(string element) => element[..2] switch
    {
        "f:" => "." + element[2..],
        "v:" => $"[={element[2..]}]",
        _ => "[" + string.Join(',', JsonNode.Parse(element[2..])!.AsObject().Select(pair => $"{pair.Key}={pair.Value?.ToJsonString(StoredJson.Options)}")) + "]",
    };
}
