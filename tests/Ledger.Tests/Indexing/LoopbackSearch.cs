using System.Text.Json.Nodes;
using Document = HaCluster.Ledger.Tests.Indexing.LoopbackOpenSearch.Document;

namespace HaCluster.Ledger.Tests.Indexing;

/// <summary>The searches of <see cref="LoopbackOpenSearch"/>: those that the ledger makes.</summary>
internal static class LoopbackSearch
{
    /// <summary>What <c>_msearch</c> of one search answers; what it asks for that is not known is refused.</summary>
    public static JsonObject Answer(string body, Func<string, IEnumerable<KeyValuePair<string, SortedDictionary<string, Document>>>> matching, bool isPartial)
    {
        var lines = body.Split('\n');
        Assert.Equal((3, ""), (lines.Length, lines[^1]));
        var (header, search) = (JsonNode.Parse(lines[0])!.AsObject(), JsonNode.Parse(lines[1])!.AsObject());
        foreach (var (name, _) in search)
            Assert.Contains(name, new[] { "size", "track_total_hits", "_source", "query", "sort", "search_after", "seq_no_primary_term" });
        // An answer without all shards is forbidden: then it is an error.
        if (isPartial && header["allow_partial_search_results"]?.GetValue<bool>() == false)
            return new JsonObject { ["responses"] = new JsonArray(new JsonObject { ["error"] = LoopbackOpenSearch.Reason("search_phase_execution_exception", "Partial shards failure"), ["status"] = 503 }) };
        var found = matching(header["index"]!.GetValue<string>())
            .SelectMany(index => index.Value.Select(one => (Index: index.Key, Id: one.Key, one.Value)))
            .Where(hit => search["query"]!["bool"]!["filter"]!.AsArray().All(filter => Holds(filter!.AsObject(), hit.Value.Source)))
            .ToArray();
        var fields = search["sort"]?.AsArray().Select(sort => Assert.Single(sort!.AsObject(), one => one.Value!.GetValue<string>() == "asc").Key).ToArray() ?? [];
        long[] Keys(Document document) => [.. fields.Select(field => document.Source[field]!.GetValue<long>())];
        var comparer = Comparer<long[]>.Create((one, other) => one.Zip(other).Select(pair => pair.First.CompareTo(pair.Second)).FirstOrDefault(order => order != 0));
        var after = search["search_after"]?.AsArray().Select(value => value!.GetValue<long>()).ToArray();
        var hits = found.OrderBy(hit => Keys(hit.Value), comparer).Where(hit => after is null || comparer.Compare(Keys(hit.Value), after) > 0).Take(search["size"]!.GetValue<int>());
        return new JsonObject
        {
            ["responses"] = new JsonArray(new JsonObject
            {
                ["timed_out"] = false,
                ["_shards"] = new JsonObject { ["failed"] = 0 },
                ["hits"] = new JsonObject
                {
                    ["total"] = new JsonObject { ["value"] = found.Length, ["relation"] = "eq" },
                    ["hits"] = new JsonArray([.. hits.Select(hit => Hit(hit.Index, hit.Id, hit.Value, search))]),
                },
                ["status"] = 200,
            }),
        };
    }

    private static JsonObject Hit(string index, string id, Document document, JsonObject search)
    {
        var hit = new JsonObject { ["_index"] = index, ["_id"] = id };
        if (search["seq_no_primary_term"]?.GetValue<bool>() == true)
            (hit["_seq_no"], hit["_primary_term"]) = (document.Number, 1);
        if (search["_source"] is JsonValue)
            return hit;
        var source = document.Source.DeepClone().AsObject();
        // As the template says.
        source.Remove("words");
        if (search["_source"] is JsonArray wanted)
        {
            foreach (var name in source.Select(one => one.Key).Except(wanted.Select(one => one!.GetValue<string>())).ToArray())
                source.Remove(name);
        }

        hit["_source"] = source;
        return hit;
    }

    private static bool Holds(JsonObject filter, JsonObject source)
    {
        var (kind, of) = filter.Single();
        var (field, value) = of!.AsObject().Single();
        var present = source[field];
        return kind switch
        {
            "term" when field == "words" => present!.GetValue<string>().Split(' ').Contains(value!.GetValue<string>()),
            "term" when field is "stream" or "id" => present?.GetValue<string>() == value!.GetValue<string>(),
            "range" when field is "event" or "sequence" or "generation" => present is not null && value!.AsObject().All(bound => (bound.Key, Order: present.GetValue<long>().CompareTo(bound.Value!.GetValue<long>())) switch
            {
                ("gte", var order) => order >= 0,
                ("lte", var order) => order <= 0,
                ("lt", var order) => order < 0,
                _ => throw new InvalidOperationException($"a bound that the stand-in does not know: {bound.Key}"),
            }),
            _ => throw new InvalidOperationException($"a filter that the stand-in does not know: {filter.ToJsonString()}"),
        };
    }
}
