using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Schemas;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Patches;

/// <summary>
/// A merge patch that knows the lists of the built-in kinds:
/// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
/// </summary>
internal sealed class StrategicMergePatch(JsonObject patch, ResourceKind kind) : Patch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    private const string OrderPrefix = "$setElementOrder/";

    public override bool NamesVersion => HasVersion(patch);

    public override JsonObject ApplyTo(JsonObject value) => MergeObject(value, patch, SchemaCatalog.Of(kind));

    private static JsonObject MergeObject(JsonObject target, JsonObject patch, TypeSchema schema)
    {
        switch ((string?)patch[Directive])
        {
            case "replace":
                return Clean(patch);
            case "delete":
                return [];
            case null or "merge":
                break;
            case var other:
                throw StatusException.BadRequest($"Unknown patch type found: {other}");
        }
        if (patch[RetainKeys] is JsonArray retained)
        {
            foreach (var name in target.Select(pair => pair.Key).Except(retained.Select(name => (string)name!)).ToList())
                target.Remove(name);
        }
        foreach (var (name, change) in patch)
        {
            if (name.StartsWith(DeletePrefix, StringComparison.Ordinal))
                DeleteScalars(target[name[DeletePrefix.Length..]] as JsonArray, change as JsonArray);
            else if (!name.StartsWith('$'))
                MergeProperty(target, name, change, schema.Child(name));
        }
        // Last: the order holds for the merged list.
        foreach (var (name, order) in patch.Where(pair => pair.Key.StartsWith(OrderPrefix, StringComparison.Ordinal)))
            SetOrder(target, name[OrderPrefix.Length..], order as JsonArray ?? [], schema);
        return target;
    }

    private static void MergeProperty(JsonObject target, string name, JsonNode? change, TypeSchema schema)
    {
        if (change is null)
            target.Remove(name);
        else if (change is JsonObject fields && !schema.PatchReplaces)
            target[name] = MergeObject(target[name]?.DeepClone() as JsonObject ?? [], fields, schema);
        else if (change is JsonArray items && schema.PatchMerges)
            target[name] = schema.PatchMergeKey is { } key ? MergeItems(target[name] as JsonArray ?? [], items, key, schema.Items) : MergeScalars(target[name] as JsonArray ?? [], items);
        else
            target[name] = Clean(change);
    }

    private static JsonArray MergeItems(JsonArray existing, JsonArray changes, string key, TypeSchema item)
    {
        if (changes.Any(change => change is JsonObject fields && (string?)fields[Directive] == "replace"))
            return new([.. changes.OfType<JsonObject>().Where(change => change[Directive] is null).Select(Clean)]);
        var result = new JsonArray([.. existing.Select(value => value?.DeepClone())]);
        foreach (var change in changes)
        {
            if (change is not JsonObject fields || fields[key] is not { } id)
                throw StatusException.BadRequest($"map: {change?.ToJsonString()} does not contain declared merge key: {key}");
            var at = IndexOf(result, key, id);
            if ((string?)fields[Directive] == "delete")
            {
                for (; at >= 0; at = IndexOf(result, key, id))
                    result.RemoveAt(at);
            }
            else if (at < 0)
                result.Add(MergeObject([], fields, item));
            else
                result[at] = MergeObject(result[at]!.DeepClone().AsObject(), fields, item);
        }
        return result;
    }

    private static JsonArray MergeScalars(JsonArray existing, JsonArray changes)
    {
        var result = new JsonArray([.. existing.Select(value => value?.DeepClone())]);
        foreach (var change in changes.Where(change => !result.Any(value => JsonNode.DeepEquals(value, change))))
            result.Add(change?.DeepClone());
        return result;
    }

    private static void DeleteScalars(JsonArray? existing, JsonArray? gone)
    {
        if (existing is null || gone is null)
            return;
        foreach (var value in existing.Where(value => gone.Any(other => JsonNode.DeepEquals(value, other))).ToList())
            existing.Remove(value);
    }

    // Items that the patch's author knew stand in the wanted order; others keep their place relative to the item before them.
    private static void SetOrder(JsonObject target, string name, JsonArray order, TypeSchema schema)
    {
        if (target[name] is not JsonArray list)
            return;
        var key = schema.Child(name).PatchMergeKey;
        var wanted = order.Select(entry => Id(entry, key)).ToList();
        var known = list.Where(item => wanted.Contains(Id(item, key))).OrderBy(item => wanted.IndexOf(Id(item, key))).ToList();
        var next = 0;
        target[name] = new JsonArray([.. list.Select(item => (wanted.Contains(Id(item, key)) ? known[next++] : item)?.DeepClone())]);
    }

    private static string Id(JsonNode? entry, string? key) => (key is not null && entry is JsonObject fields ? fields[key] : entry)?.ToJsonString() ?? "null";

    private static int IndexOf(JsonArray list, string key, JsonNode id)
    {
        for (var at = 0; at < list.Count; at++)
        {
            if (list[at] is JsonObject item && JsonNode.DeepEquals(item[key], id))
                return at;
        }
        return -1;
    }

    private static JsonNode? Clean(JsonNode? value) => value is JsonObject fields ? Clean(fields) : value?.DeepClone();

    private static JsonObject Clean(JsonObject value) =>
        new(value.Where(pair => !pair.Key.StartsWith('$') && pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value switch
        {
            JsonObject nested => Clean(nested),
            JsonArray list => new JsonArray([.. list.Where(item => (item as JsonObject)?[Directive] is null).Select(Clean)]),
            var other => other?.DeepClone(),
        })));
}
