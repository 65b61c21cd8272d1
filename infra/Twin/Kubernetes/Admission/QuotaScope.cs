using System.Text.Json;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Admission;

/// <summary>Which pods a quota counts: https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes</summary>
internal static class QuotaScope
{
    public static bool Covers(StoredObject quota, ResourceKind kind, JsonElement value)
    {
        var terms = Terms(quota).ToList();
        // A quota with scopes counts pods only.
        if (kind is not { Group: "", Plural: "pods" })
            return terms.Count == 0;
        return terms.All(term => Matches(term.Scope, term.Operator, term.Values, value));
    }

    private static IEnumerable<(string Scope, string Operator, List<string> Values)> Terms(StoredObject quota)
    {
        if (quota.Find("spec", "scopes") is { ValueKind: JsonValueKind.Array } scopes)
        {
            foreach (var scope in scopes.EnumerateArray())
                yield return (scope.GetString()!, "Exists", []);
        }
        if (quota.Find("spec", "scopeSelector", "matchExpressions") is { ValueKind: JsonValueKind.Array } expressions)
        {
            foreach (var expression in expressions.EnumerateArray())
            {
                var values = QuotaUsage.Find(expression, "values") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(item => item.GetString()!).ToList() : [];
                yield return (expression.GetProperty("scopeName").GetString()!, expression.GetProperty("operator").GetString()!, values);
            }
        }
    }

    private static bool Matches(string scope, string @operator, List<string> values, JsonElement pod)
    {
        var isBestEffort = QuotaUsage.Find(pod, "status", "qosClass")?.GetString() == "BestEffort";
        var terminates = QuotaUsage.Find(pod, "spec", "activeDeadlineSeconds") is not null;
        var priority = QuotaUsage.Find(pod, "spec", "priorityClassName")?.GetString() ?? "";
        return scope switch
        {
            "BestEffort" => isBestEffort,
            "NotBestEffort" => !isBestEffort,
            "Terminating" => terminates,
            "NotTerminating" => !terminates,
            "PriorityClass" => @operator switch
            {
                "In" => values.Contains(priority),
                "NotIn" => !values.Contains(priority),
                "DoesNotExist" => priority.Length == 0,
                _ => priority.Length > 0,
            },
            _ => true,
        };
    }
}
