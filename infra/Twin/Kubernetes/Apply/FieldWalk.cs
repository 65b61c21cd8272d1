using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Schemas;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Apply;

/// <summary>
/// Walks values along their schema: which fields a value has, in which two differ, one merged into another, fields taken out.
/// The rules are those of https://github.com/kubernetes-sigs/structured-merge-diff/tree/master/typed
/// </summary>
internal static class FieldWalk
{
    /// <summary>The fields that a value sets.</summary>
    public static FieldSet FieldsOf(JsonNode? value, TypeSchema schema)
    {
        if (IsLeaf(value, schema))
            return FieldSet.Self;
        if (value is JsonObject map)
            return new(map.Count == 0, map.Select(pair => KeyValuePair.Create(PathElement.Field(pair.Key), Below(pair.Value, schema, pair.Key))));
        return new(false, Items((JsonArray)value!, schema).Select(item => KeyValuePair.Create(item.Key, FieldSet.Self.Union(FieldsOf(item.Value, schema.Items)))));
    }

    /// <summary>The fields that were added, changed or removed between two values.</summary>
    public static (FieldSet Written, FieldSet Removed) Compare(JsonNode? before, JsonNode? after, TypeSchema schema)
    {
        if (JsonNode.DeepEquals(before, after))
            return (FieldSet.Empty, FieldSet.Empty);
        if (before is null)
            return (FieldsOf(after, schema), FieldSet.Empty);
        if (after is null)
            return (FieldSet.Empty, FieldSet.Self.Union(FieldsOf(before, schema)));
        if (IsLeaf(before, schema) || IsLeaf(after, schema) || before.GetType() != after.GetType())
            return (FieldSet.Self, FieldSet.Empty);
        var (old, next) = (Parts(before, schema), Parts(after, schema));
        var written = new Dictionary<string, FieldSet>();
        var removed = new Dictionary<string, FieldSet>();
        foreach (var key in old.Keys.Union(next.Keys))
        {
            var child = ChildSchema(schema, key);
            (written[key], removed[key]) = Compare(old.GetValueOrDefault(key), next.GetValueOrDefault(key), child);
            // A new entry of a map and a new item are written themselves, not only what is in them.
            if (!old.ContainsKey(key) && schema.Shape != Shape.Object)
                written[key] = written[key].Union(FieldSet.Self);
        }
        return (new(false, written), new(false, removed));
    }

    /// <summary>An applied value over a live one: what the applied one leaves out stays.</summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? applied, TypeSchema schema)
    {
        if (IsLeaf(applied, schema) || live is null || live.GetType() != applied!.GetType())
            return applied?.DeepClone();
        if (applied is JsonObject fields)
        {
            var merged = live.DeepClone().AsObject();
            foreach (var (name, value) in fields)
                merged[name] = Merge(merged[name], value, schema.Child(name));
            return merged;
        }
        return MergeItems((JsonArray)live, (JsonArray)applied, schema);
    }

    /// <summary>A value without some of its fields; what someone else owns below them stays.</summary>
    public static void Remove(JsonNode? value, FieldSet removed, FieldSet kept, TypeSchema schema)
    {
        foreach (var (key, set) in removed.Children)
        {
            var part = value is null ? null : Parts(value, schema).GetValueOrDefault(key);
            if (part is null)
                continue;
            var others = kept[key];
            if (!(set.IsMember && others.IsEmpty))
                Remove(part, set, others, ChildSchema(schema, key));
            var isLeftEmpty = part is JsonObject { Count: 0 } or JsonArray { Count: 0 } && others.IsEmpty && set.Children.Count > 0;
            if ((set.IsMember && others.IsEmpty) || isLeftEmpty)
                TakeOut(value!, key, part);
        }
    }

    private static FieldSet Below(JsonNode? value, TypeSchema parent, string name)
    {
        var fields = FieldsOf(value, parent.Child(name));
        return parent.Shape == Shape.Object ? fields : fields.Union(FieldSet.Self);
    }

    // Unknown fields are merged like maps, as the real server does with custom resources without a schema.
    private static bool IsLeaf(JsonNode? value, TypeSchema schema) => value switch
    {
        JsonObject => schema.IsAtomic,
        JsonArray list => schema.Shape != Shape.List || schema.List == ListType.Atomic || list.Any(item => PathElement.Item(item, schema) is null),
        _ => true,
    };

    private static Dictionary<string, JsonNode?> Parts(JsonNode value, TypeSchema schema) => value is JsonObject map
        ? map.ToDictionary(pair => PathElement.Field(pair.Key), pair => pair.Value)
        : value is JsonArray list && !IsLeaf(value, schema) ? Items(list, schema).ToDictionary(item => item.Key, item => item.Value) : [];

    private static IEnumerable<(string Key, JsonNode? Value)> Items(JsonArray list, TypeSchema schema) =>
        list.Select(item => (PathElement.Item(item, schema)!, item)).DistinctBy(pair => pair.Item1);

    private static TypeSchema ChildSchema(TypeSchema schema, string key) => key.StartsWith("f:", StringComparison.Ordinal) ? schema.Child(key[2..]) : schema.Items ?? TypeSchema.Any;

    // The applied order holds for the applied items; the others keep their places.
    private static JsonArray MergeItems(JsonArray live, JsonArray applied, TypeSchema schema)
    {
        var wanted = new Queue<(string Key, JsonNode? Value)>(Items(applied, schema));
        var keys = wanted.Select(item => item.Key).ToHashSet();
        var existing = Items(live, schema).ToDictionary(item => item.Key, item => item.Value);
        var merged = new JsonArray();
        void AddNext()
        {
            var (key, value) = wanted.Dequeue();
            merged.Add(existing.TryGetValue(key, out var old) ? Merge(old, value, schema.Items) : value?.DeepClone());
        }
        foreach (var (key, item) in Items(live, schema))
        {
            if (keys.Contains(key))
                AddNext();
            else
                merged.Add(item?.DeepClone());
        }
        while (wanted.Count > 0)
            AddNext();
        return merged;
    }

    private static void TakeOut(JsonNode parent, string key, JsonNode part)
    {
        if (parent is JsonObject map)
            map.Remove(key[2..]);
        else
            parent.AsArray().Remove(part);
    }
}
