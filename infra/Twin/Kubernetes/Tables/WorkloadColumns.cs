using System.Text.Json;
using HaCluster.Twin.Storage;
using static HaCluster.Twin.Kubernetes.Tables.TableColumn;

namespace HaCluster.Twin.Kubernetes.Tables;

/// <summary>The columns of workloads.</summary>
internal static class WorkloadColumns
{
    private static readonly TableColumn[] Template =
    [
        Wide("Containers", value => Containers(value, "name")), Wide("Images", value => Containers(value, "image")),
    ];

    private static readonly TableColumn Selector = Wide("Selector", value => SelectorText(value.Find("spec", "selector")));

    public static TableColumn[] Deployments { get; } =
    [
        ObjectName, new("Ready", value => $"{value.Number("status", "readyReplicas") ?? 0}/{value.Number("spec", "replicas") ?? 0}"),
        Number("Up-to-date", "status", "updatedReplicas"), Number("Available", "status", "availableReplicas"), Age, .. Template, Selector,
    ];

    public static TableColumn[] ReplicaSets { get; } =
    [
        ObjectName, Number("Desired", "spec", "replicas"), Number("Current", "status", "replicas"), Number("Ready", "status", "readyReplicas"), Age, .. Template, Selector,
    ];

    public static TableColumn[] StatefulSets { get; } =
    [
        ObjectName, new("Ready", value => $"{value.Number("status", "readyReplicas") ?? 0}/{value.Number("spec", "replicas") ?? 0}"), Age, .. Template,
    ];

    public static TableColumn[] DaemonSets { get; } =
    [
        ObjectName, Number("Desired", "status", "desiredNumberScheduled"), Number("Current", "status", "currentNumberScheduled"), Number("Ready", "status", "numberReady"),
        Number("Up-to-date", "status", "updatedNumberScheduled"), Number("Available", "status", "numberAvailable"),
        new("Node Selector", value => TableColumns.Pairs(value.Find("spec", "template", "spec", "nodeSelector"))), Age, .. Template, Selector,
    ];

    public static TableColumn[] Jobs { get; } =
    [
        ObjectName, new("Status", JobStatus), new("Completions", value => $"{value.Number("status", "succeeded") ?? 0}/{value.Number("spec", "completions") ?? 1}"), Age, .. Template, Selector,
    ];

    public static TableColumn[] CronJobs { get; } =
    [
        ObjectName, Text("Schedule", "spec", "schedule"), new("Timezone", value => value.Text("spec", "timeZone") ?? "<none>"),
        new("Suspend", value => value.Find("spec", "suspend") is { ValueKind: JsonValueKind.True } ? "True" : "False"),
        new("Active", value => value.Find("status", "active") is { ValueKind: JsonValueKind.Array } active ? active.GetArrayLength() : 0, type: "integer"),
        new("Last Schedule", "string", (value, now) => value.Text("status", "lastScheduleTime") is { } time ? HumanDuration.Since(time, now) : "<none>"), Age,
    ];

    public static TableColumn[] Autoscalers { get; } =
    [
        ObjectName, new("Reference", value => $"{value.Text("spec", "scaleTargetRef", "kind")}/{value.Text("spec", "scaleTargetRef", "name")}"),
        Number("MinPods", "spec", "minReplicas"), Number("MaxPods", "spec", "maxReplicas"), Number("Replicas", "status", "currentReplicas"), Age,
    ];

    private static string JobStatus(StoredObject job)
    {
        var met = job.Find("status", "conditions") is { ValueKind: JsonValueKind.Array } conditions
            ? conditions.EnumerateArray().Where(condition => condition.GetProperty("status").GetString() == "True").Select(condition => condition.GetProperty("type").GetString()).ToList()
            : [];
        return met.Contains("Complete") ? "Complete" : met.Contains("Failed") ? "Failed" : job.IsDeleting ? "Terminating" : met.Contains("Suspended") ? "Suspended" : "Running";
    }

    private static string Containers(StoredObject value, string field) => value.Find("spec", "template", "spec", "containers") is { ValueKind: JsonValueKind.Array } containers
        ? string.Join(',', containers.EnumerateArray().Select(container => container.TryGetProperty(field, out var text) ? text.GetString() : ""))
        : "";

    private static string SelectorText(JsonElement? selector) => selector is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty("matchLabels", out var labels)
        ? TableColumns.Pairs(labels)
        : "<none>";
}
