using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Schemas;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Apply;

/// <summary>Who writes: a manager, whether it applies or updates, and through which subresource.</summary>
internal sealed record Writer(string Manager, bool Applies, string? Subresource, string ApiVersion)
{
    public string Operation => Applies ? "Apply" : "Update";
}

/// <summary>One entry of managedFields.</summary>
internal sealed record ManagedEntry(Writer Writer, FieldSet Fields, string? Time);

/// <summary>
/// Keeps <c>metadata.managedFields</c>, and applies:
/// https://kubernetes.io/docs/reference/using-api/server-side-apply/ , https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/merge/update.go
/// </summary>
internal static class FieldManager
{
    // Nobody owns them: https://github.com/kubernetes/apimachinery/blob/master/pkg/util/managedfields/internal/stripmeta.go
    private static readonly Dictionary<string, string[]> Unowned = new()
    {
        ["f:apiVersion"] = [],
        ["f:kind"] = [],
        ["f:metadata"] =
        [
            "f:name", "f:namespace", "f:creationTimestamp", "f:selfLink", "f:uid", "f:clusterName", "f:generation", "f:managedFields", "f:resourceVersion",
            "f:deletionTimestamp", "f:deletionGracePeriodSeconds", "f:generateName",
        ],
    };

    /// <summary>Notes what an update or creation wrote: it takes those fields from everyone else.</summary>
    public static void Track(JsonObject? live, JsonObject next, Writer writer, TypeSchema schema, string now)
    {
        var entries = Read(next["metadata"]?["managedFields"] is JsonArray ? next : live);
        var (written, removed) = Compare(live, next, schema);
        if (written.IsEmpty && removed.IsEmpty)
            Write(next, Read(live));
        else
            Write(next, Take(entries, written, removed, writer, now));
    }

    /// <summary>Merges an applied configuration into an object.</summary>
    /// <exception cref="StatusException">409: another manager owns a field that would change, and <paramref name="force"/> is not set.</exception>
    public static JsonObject Apply(JsonObject live, JsonObject config, Writer writer, bool force, TypeSchema schema, string now)
    {
        var entries = Read(live);
        var applied = FieldWalk.FieldsOf(config, schema).Without(Unowned);
        var mine = entries.FirstOrDefault(entry => entry.Writer == writer)?.Fields ?? FieldSet.Empty;
        var others = entries.Where(entry => entry.Writer != writer).ToList();
        var next = FieldWalk.Merge(live, config, schema)!.AsObject();

        var (written, _) = Compare(live, next, schema);
        var conflicts = others.Select(entry => entry with { Fields = entry.Fields.Intersect(written) }).Where(entry => !entry.Fields.IsEmpty).ToList();
        if (conflicts.Count > 0 && !force)
            throw Conflict(conflicts);

        // What this manager applied before and leaves out now goes, unless somebody else owns it too.
        var kept = others.Aggregate(applied, (set, entry) => set.Union(entry.Fields));
        FieldWalk.Remove(next, mine.Minus(applied), kept, schema);
        var changed = !JsonNode.DeepEquals(Bare(live), Bare(next)) || !applied.SameAs(mine);
        var time = changed ? now : entries.FirstOrDefault(entry => entry.Writer == writer)?.Time ?? now;
        var own = new ManagedEntry(writer, applied, time);
        // In its place, so that an apply that changes nothing writes nothing.
        var list = entries.Select(entry => entry.Writer == writer ? own : entry with { Fields = entry.Fields.Minus(written) }).Where(entry => !entry.Fields.IsEmpty);
        Write(next, entries.Any(entry => entry.Writer == writer) ? list : list.Append(own));
        return next;
    }

    private static IEnumerable<ManagedEntry> Take(List<ManagedEntry> entries, FieldSet written, FieldSet removed, Writer writer, string now)
    {
        var gone = written.Union(removed);
        var mine = entries.FirstOrDefault(entry => entry.Writer == writer)?.Fields ?? FieldSet.Empty;
        foreach (var entry in entries.Where(entry => entry.Writer != writer))
        {
            if (entry with { Fields = entry.Fields.Minus(gone) } is { Fields.IsEmpty: false } left)
                yield return left;
        }
        if (mine.Minus(removed).Union(written) is { IsEmpty: false } own)
            yield return new(writer, own, now);
    }

    private static (FieldSet Written, FieldSet Removed) Compare(JsonObject? live, JsonObject next, TypeSchema schema)
    {
        var (written, removed) = FieldWalk.Compare(live ?? [], next, schema);
        return (written.Without(Unowned), removed.Without(Unowned));
    }

    private static JsonObject Bare(JsonObject value)
    {
        var copy = value.DeepClone().AsObject();
        (copy["metadata"] as JsonObject)?.Remove("managedFields");
        return copy;
    }

    private static List<ManagedEntry> Read(JsonObject? value) => value?["metadata"]?["managedFields"] is not JsonArray entries ? [] :
    [
        .. entries.OfType<JsonObject>().Where(entry => entry["manager"] is not null).Select(entry => new ManagedEntry(
            new(entry["manager"].AsText() ?? "", entry["operation"].AsText() == "Apply", entry["subresource"].AsText(), entry["apiVersion"].AsText() ?? ""),
            FieldSet.Parse(entry["fieldsV1"]), entry["time"].AsText())),
    ];

    private static void Write(JsonObject value, IEnumerable<ManagedEntry> entries)
    {
        var list = new JsonArray([.. entries.Select(entry =>
        {
            var json = new JsonObject
            {
                ["manager"] = entry.Writer.Manager,
                ["operation"] = entry.Writer.Operation,
                ["apiVersion"] = entry.Writer.ApiVersion,
                ["time"] = entry.Time,
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = entry.Fields.ToJson(),
            };
            if (entry.Writer.Subresource is { } subresource)
                json["subresource"] = subresource;
            return json;
        })]);
        var metadata = value["metadata"]!.AsObject();
        if (list.Count == 0)
            metadata.Remove("managedFields");
        else
            metadata["managedFields"] = list;
    }

    // https://github.com/kubernetes/apimachinery/blob/master/pkg/util/managedfields/internal/conflict.go
    private static StatusException Conflict(List<ManagedEntry> conflicts)
    {
        var all = conflicts.SelectMany(entry => entry.Fields.Paths().Select(path => (Manager: Describe(entry), Path: path))).ToList();
        var causes = all.Select(conflict => new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = $"conflict with {conflict.Manager}", ["field"] = conflict.Path });
        var groups = all.GroupBy(conflict => conflict.Manager).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"conflicts with {group.Key}:\n{string.Join('\n', group.Select(conflict => $"- {conflict.Path}"))}");
        var message = all.Count == 1
            ? $"Apply failed with 1 conflict: conflict with {all[0].Manager}: {all[0].Path}"
            : $"Apply failed with {all.Count} conflicts: {string.Join('\n', groups)}";
        return new(409, "Conflict", message, new() { ["causes"] = new JsonArray([.. causes]) });
    }

    private static string Describe(ManagedEntry entry)
    {
        var name = $"\"{entry.Writer.Manager}\"";
        if (entry.Writer.Subresource is { } subresource)
            name += $" with subresource \"{subresource}\"";
        return entry.Writer.Applies ? name : $"{name} using {entry.Writer.ApiVersion}";
    }
}
