using System.Text.Json;
using HaCluster.Twin.Storage;
using static HaCluster.Twin.Kubernetes.Tables.TableColumn;

namespace HaCluster.Twin.Kubernetes.Tables;

/// <summary>The columns of each kind: https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go</summary>
internal static class TableColumns
{
    private static readonly Dictionary<string, TableColumn[]> BuiltIn = new()
    {
        ["pods"] = PodColumns.All,
        ["nodes"] = NodeColumns.All,
        ["deployments.apps"] = WorkloadColumns.Deployments,
        ["replicasets.apps"] = WorkloadColumns.ReplicaSets,
        ["statefulsets.apps"] = WorkloadColumns.StatefulSets,
        ["daemonsets.apps"] = WorkloadColumns.DaemonSets,
        ["jobs.batch"] = WorkloadColumns.Jobs,
        ["cronjobs.batch"] = WorkloadColumns.CronJobs,
        ["horizontalpodautoscalers.autoscaling"] = WorkloadColumns.Autoscalers,
        ["services"] = NetworkColumns.Services,
        ["endpoints"] = NetworkColumns.Endpoints,
        ["endpointslices.discovery.k8s.io"] = NetworkColumns.EndpointSlices,
        ["ingresses.networking.k8s.io"] = NetworkColumns.Ingresses,
        ["persistentvolumes"] = StorageColumns.Volumes,
        ["persistentvolumeclaims"] = StorageColumns.Claims,
        ["storageclasses.storage.k8s.io"] = StorageColumns.Classes,
        ["volumeattachments.storage.k8s.io"] = StorageColumns.Attachments,
        ["namespaces"] = [ObjectName, Text("Status", "status", "phase"), Age],
        ["configmaps"] = [ObjectName, new("Data", value => Size(value.Find("data")) + Size(value.Find("binaryData")), type: "string"), Age],
        ["secrets"] = [ObjectName, Text("Type", "type"), new("Data", value => Size(value.Find("data")), type: "string"), Age],
        ["serviceaccounts"] = [ObjectName, new("Secrets", value => Size(value.Find("secrets")), type: "string"), Age],
        ["leases.coordination.k8s.io"] = [ObjectName, new("Holder", value => value.Text("spec", "holderIdentity")), Age],
        ["priorityclasses.scheduling.k8s.io"] =
            [ObjectName, Number("Value", "value"), new("Global-Default", value => value.Find("globalDefault")?.ValueKind == JsonValueKind.True, type: "boolean"), Age],
        ["poddisruptionbudgets.policy"] =
        [
            ObjectName, new("Min Available", value => Scalar(value.Find("spec", "minAvailable"), "N/A")), new("Max Unavailable", value => Scalar(value.Find("spec", "maxUnavailable"), "N/A")),
            Number("Allowed Disruptions", "status", "disruptionsAllowed"), Age,
        ],
        ["resourcequotas"] =
            [ObjectName, new("Request", value => Usage(value, key => !key.StartsWith("limits.", StringComparison.Ordinal))), new("Limit", value => Usage(value, key => key.StartsWith("limits.", StringComparison.Ordinal))), Age],
        ["events"] =
        [
            new("Last Seen", "string", (value, now) => HumanDuration.Since(value.Text("lastTimestamp") ?? value.Text("eventTime") ?? value.Text("firstTimestamp"), now)),
            new("Type", value => value.Text("type")), new("Reason", value => value.Text("reason")),
            new("Object", value => $"{value.Text("involvedObject", "kind")?.ToLowerInvariant()}/{value.Text("involvedObject", "name")}"),
            Wide("Subobject", value => value.Text("involvedObject", "fieldPath")), Wide("Source", value => value.Text("source", "component") ?? value.Text("reportingComponent")),
            new("Message", value => value.Text("message")?.Trim()),
            new("First Seen", "string", (value, now) => HumanDuration.Since(value.Text("firstTimestamp") ?? value.Text("eventTime"), now), 1), Wide("Count", value => value.Number("count") ?? 1),
            Wide("Name", value => value.Name),
        ],
        ["customresourcedefinitions.apiextensions.k8s.io"] = [ObjectName, new("Created At", value => value.Text("metadata", "creationTimestamp"))],
    };

    public static TableColumn[] Of(ResourceKind kind)
    {
        if (BuiltIn.TryGetValue(kind.Resource, out var columns))
            return columns;
        return kind.Columns.Count == 0 ? [ObjectName, Age] : [ObjectName, .. kind.Columns.Select(Custom)];
    }

    internal static string Scalar(JsonElement? value, string absent) => value switch
    {
        null => absent,
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } other => other.GetRawText(),
    };

    internal static string Pairs(JsonElement? labels) => labels is { ValueKind: JsonValueKind.Object } map && map.EnumerateObject().Any()
        ? string.Join(',', map.EnumerateObject().Select(label => $"{label.Name}={label.Value.GetString()}"))
        : "<none>";

    private static long Size(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Object } map => map.EnumerateObject().Count(),
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength(),
        _ => 0,
    };

    private static string Usage(StoredObject quota, Func<string, bool> isWanted) => quota.Find("status", "hard") is not { } hard ? "" :
        string.Join(", ", hard.EnumerateObject().Where(entry => isWanted(entry.Name)).Select(entry => $"{entry.Name}: {Scalar(quota.Find("status", "used", entry.Name), "0")}/{Scalar(entry.Value, "0")}"));

    private static TableColumn Custom(PrinterColumn column)
    {
        var path = SimplePath.Parse(column.JsonPath);
        return new(column.Name, column.Type, (value, now) => (column.Type, SimplePath.Find(value.Root, path)) switch
        {
            (_, null) => null,
            ("date", { } date) => HumanDuration.Since(Scalar(date, ""), now),
            ("integer", { ValueKind: JsonValueKind.Number } number) => number.TryGetInt64(out var whole) ? whole : number.GetRawText(),
            ("boolean", { ValueKind: JsonValueKind.True or JsonValueKind.False } flag) => flag.GetBoolean(),
            (_, { } other) => Scalar(other, ""),
        }, column.Priority, column.Format);
    }
}
