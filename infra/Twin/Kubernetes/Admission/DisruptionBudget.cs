using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Simulation.Model;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Kubernetes.Tables;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Admission;

/// <summary>
/// Computes the status of a PodDisruptionBudget as the real controller does:
/// https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/disruption/disruption.go
/// </summary>
internal static class DisruptionBudget
{
    /// <summary>A pod that was allowed to go and did not within this time counts again.</summary>
    private static readonly TimeSpan DeletionTimeout = TimeSpan.FromMinutes(2);

    public static LabelSelector? SelectorOf(StoredObject budget) => LabelSelectors.Of(budget.Find("spec", "selector"));

    /// <summary>Whether it has pods that were allowed to go: after a while these count again, without anything else that happens.</summary>
    public static bool IsWaiting(StoredObject budget) => budget.Find("status", "disruptedPods") is not null;

    /// <summary>Writes what the budget's pods are now into a copy of it.</summary>
    public static void SetStatus(ObjectStore store, StoredObject budget, JsonObject copy)
    {
        var selector = SelectorOf(budget);
        var pods = selector is null ? [] : store.List(store.Kinds["pods"], budget.Namespace).Items.Where(pod => selector.Matches(pod.Labels)).ToList();
        var disrupted = Disrupted(budget, pods, store.Now - (DeletionTimeout / store.Speed));
        var healthy = pods.Count(pod => !pod.IsDeleting && !disrupted.ContainsKey(pod.Name) && PodColumns.IsReady(pod));
        var (expected, desired, error) = Expected(store, budget, pods);
        var allowed = error is null && expected > 0 ? Math.Max(0, healthy - desired) : 0;

        if (copy["status"] is not JsonObject status)
            copy["status"] = status = [];
        status.Remove("disruptedPods");
        if (disrupted.Count > 0)
            status["disruptedPods"] = new JsonObject(disrupted.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        status["observedGeneration"] = budget.Generation;
        status["disruptionsAllowed"] = allowed;
        if (error is null)
        {
            status["currentHealthy"] = healthy;
            status["desiredHealthy"] = desired;
            status["expectedPods"] = expected;
        }
        SetCondition(status, budget.Generation, store.Now, error);
    }

    /// <summary>The condition that says whether a pod may go: https://github.com/kubernetes/component-helpers/blob/master/apps/poddisruptionbudget/helpers.go</summary>
    public static void SetCondition(JsonObject status, long generation, DateTimeOffset now, string? error = null)
    {
        var isAllowed = status["disruptionsAllowed"].AsLong() > 0;
        var value = isAllowed ? "True" : "False";
        var old = (status["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(condition => (string?)condition["type"] == "DisruptionAllowed");
        var since = old is not null && (string?)old["status"] == value ? (string?)old["lastTransitionTime"] : null;
        status["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = "DisruptionAllowed",
            ["status"] = value,
            ["observedGeneration"] = generation,
            ["lastTransitionTime"] = since ?? ObjectStore.Timestamp(now),
            ["reason"] = error is not null ? "SyncFailed" : isAllowed ? "SufficientPods" : "InsufficientPods",
            ["message"] = error ?? "",
        });
    }

    /// <param name="since">What was allowed to go before this counts again.</param>
    private static Dictionary<string, string> Disrupted(StoredObject budget, List<StoredObject> pods, DateTimeOffset since)
    {
        var disrupted = new Dictionary<string, string>();
        foreach (var pod in pods.Where(pod => !pod.IsDeleting))
        {
            if (budget.Text("status", "disruptedPods", pod.Name) is { } allowed && DateTimeOffset.Parse(allowed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) > since)
                disrupted[pod.Name] = allowed;
        }
        return disrupted;
    }

    private static (long Expected, long Desired, string? Error) Expected(ObjectStore store, StoredObject budget, List<StoredObject> pods)
    {
        if (budget.Find("spec", "maxUnavailable") is { } maxUnavailable)
        {
            var scale = ExpectedScale(store, pods, out var error);
            return (scale, Math.Max(0, scale - Scaled(maxUnavailable, scale)), error);
        }
        if (budget.Find("spec", "minAvailable") is not { } minAvailable)
            return (pods.Count, 0, null);
        if (minAvailable.ValueKind == JsonValueKind.Number)
            return (pods.Count, minAvailable.GetInt64(), null);
        var total = ExpectedScale(store, pods, out var failure);
        return (total, Scaled(minAvailable, total), failure);
    }

    // Percentages are rounded up, of maxUnavailable too.
    private static long Scaled(JsonElement value, long total)
    {
        if (value.ValueKind == JsonValueKind.Number)
            return value.GetInt64();
        var percent = value.GetString()!.TrimEnd('%');
        return long.TryParse(percent, CultureInfo.InvariantCulture, out var number) ? ((total * number) + 99) / 100 : 0;
    }

    /// <summary>How many pods there should be: the replicas of the controllers of the pods. Pods without a controller do not count.</summary>
    private static long ExpectedScale(ObjectStore store, List<StoredObject> pods, out string? error)
    {
        error = null;
        var controllers = new Dictionary<string, long>();
        foreach (var owner in pods.Select(pod => pod.Owners.FirstOrDefault(owner => owner.IsController)).OfType<OwnerReference>().DistinctBy(owner => owner.Uid))
        {
            if (ControllerOf(store, pods[0].Namespace, owner) is not { } controller)
                continue;
            if (controller.Owners.FirstOrDefault(other => other.IsController) is { } upper && ControllerOf(store, controller.Namespace, upper) is { } deployment)
                controller = deployment;
            if (controller.Kind is { Plural: "daemonsets" or "jobs" })
            {
                error = $"{controller.Kind.Resource} does not implement the scale subresource";
                return 0;
            }
            controllers[controller.Uid] = controller.Number("spec", "replicas") ?? 1;
        }
        return controllers.Values.Sum();
    }

    private static StoredObject? ControllerOf(ObjectStore store, string? @namespace, OwnerReference owner) =>
        store.Kinds.FindByKind(owner.ApiVersion, owner.Kind) is { } kind && store.Find(kind, @namespace, owner.Name) is { } found && found.Uid == owner.Uid ? found : null;
}
