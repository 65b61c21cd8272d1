using System.Text.Json.Nodes;
using HaCluster.Stack.Settings.Logging;

namespace HaCluster.Stack.Logging.Setup;

/// <summary>
/// How long records can be searched. There is no rollover: an index is named by the time of its records, so that a record that is sent twice
/// is in the same index both times, however late, and overwrites itself.
/// </summary>
/// <remarks>https://docs.opensearch.org/latest/im-plugin/ism/policies/</remarks>
public static class RetentionPolicies
{
    private const string Kept = "kept";
    private const string Saved = "saved";
    private const string Deleted = "deleted";

    public static IEnumerable<SetupStep> All(LoggingSettings settings)
    {
        // An index of a month is as old as its first record: it stays until its last one is old enough.
        yield return Policy(IndexTemplates.Application, $"{IndexTemplates.Application}-*", settings.Application.Days, isSaved: false);
        yield return Policy(IndexTemplates.Audit, $"{IndexTemplates.Audit}-*", settings.Audit.Days, isSaved: true);
        yield return Policy(IndexTemplates.Ledger, $"{IndexTemplates.Ledger}.*.*", settings.FinanceIndex.Days + IndexSettings.DaysOfMonth, isSaved: true);

        // Indices keep their first policy until it is changed explicitly. Those that have none, such as the positions of the ledger, are left without.
        foreach (var (name, prefix) in new[] { (IndexTemplates.Application, "-"), (IndexTemplates.Audit, "-"), (IndexTemplates.Ledger, ".") })
            yield return new SetupStep(SetupStepKind.PostToEach, $"/_plugins/_ism/change_policy/{name}{prefix}", new JsonObject { ["policy_id"] = name });
    }

    private static SetupStep Policy(string name, string pattern, int days, bool isSaved)
    {
        var states = new JsonArray(
            State(Kept, Actions(), (isSaved ? Saved : Deleted, new JsonObject { ["min_index_age"] = $"{days}d" })));
        if (isSaved)
            states.Add(State(Saved, Actions(Snapshot(name)), (Deleted, new JsonObject())));
        states.Add(State(Deleted, Actions(("delete", new JsonObject())), null));
        return new SetupStep(
            SetupStepKind.PutVersion,
            $"/_plugins/_ism/policies/{name}",
            new JsonObject
            {
                ["policy"] = new JsonObject
                {
                    ["description"] = isSaved ? $"Searchable for {days} days, then in a snapshot" : $"Searchable for {days} days",
                    ["default_state"] = Kept,
                    ["states"] = states,
                    ["ism_template"] = new JsonArray(new JsonObject { ["index_patterns"] = new JsonArray(pattern), ["priority"] = 100 }),
                },
            });
    }

    private static (string, JsonObject) Snapshot(string name) =>
        ("snapshot", new JsonObject { ["repository"] = SnapshotPlan.Repository, ["snapshot"] = name });

    // Keep retrying for a red domain or a busy bucket.
    private static JsonArray Actions(params (string Kind, JsonObject Body)[] actions) => new([.. actions.Select(action => (JsonNode)new JsonObject
    {
        ["retry"] = new JsonObject { ["count"] = 10, ["backoff"] = "exponential", ["delay"] = "10m" },
        [action.Kind] = action.Body,
    })]);

    private static JsonObject State(string name, JsonArray actions, (string State, JsonObject Conditions)? next)
    {
        var transitions = new JsonArray();
        if (next is var (state, conditions))
        {
            var transition = new JsonObject { ["state_name"] = state };
            if (conditions.Count > 0)
                transition["conditions"] = conditions;
            transitions.Add((JsonNode)transition);
        }

        return new JsonObject { ["name"] = name, ["actions"] = actions, ["transitions"] = transitions };
    }
}
