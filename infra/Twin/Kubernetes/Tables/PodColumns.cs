using System.Text.Json;
using HaCluster.Twin.Storage;
using static HaCluster.Twin.Kubernetes.Tables.TableColumn;

namespace HaCluster.Twin.Kubernetes.Tables;

/// <summary>The columns of pods (printPod of the real printers).</summary>
internal static class PodColumns
{
    public static TableColumn[] All { get; } =
    [
        ObjectName, new("Ready", Ready), new("Status", Status), new("Restarts", Restarts), Age,
        Wide("IP", pod => pod.Text("status", "podIP") ?? "<none>"), Wide("Node", pod => pod.Text("spec", "nodeName") ?? "<none>"),
        Wide("Nominated Node", pod => pod.Text("status", "nominatedNodeName") ?? "<none>"), Wide("Readiness Gates", ReadinessGates),
    ];

    private static string Ready(StoredObject pod) =>
        $"{Containers(pod, "containerStatuses").Count(status => IsTrue(status, "ready"))}/{(pod.Find("spec", "containers") is { } containers ? containers.GetArrayLength() : 0)}";

    private static string Restarts(StoredObject pod) =>
        Containers(pod, "containerStatuses").Sum(status => status.TryGetProperty("restartCount", out var count) ? count.GetInt64() : 0).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Status(StoredObject pod)
    {
        var reason = pod.Text("status", "reason") ?? pod.Text("status", "phase") ?? "";
        if (Conditions(pod).Any(condition => Text(condition, "type") == "PodScheduled" && Text(condition, "reason") == "SchedulingGated"))
            reason = "SchedulingGated";
        var isInitializing = false;
        foreach (var (status, at) in Containers(pod, "initContainerStatuses").Select((status, at) => (status, at)))
        {
            if (State(status, "terminated") is { } ended && Number(ended, "exitCode") == 0)
                continue;
            if (IsTrue(status, "started") && State(status, "running") is not null)
                continue;
            var total = pod.Find("spec", "initContainers") is { } inits ? inits.GetArrayLength() : 0;
            reason = (State(status, "terminated"), State(status, "waiting")) switch
            {
                ({ } terminated, _) => "Init:" + Ended(terminated),
                (_, { } waiting) when Text(waiting, "reason") is { Length: > 0 } why and not "PodInitializing" => "Init:" + why,
                _ => $"Init:{at}/{total}",
            };
            isInitializing = true;
            break;
        }
        if (!isInitializing)
        {
            var hasRunning = false;
            foreach (var status in Containers(pod, "containerStatuses").Reverse())
            {
                if (State(status, "waiting") is { } waiting && Text(waiting, "reason") is { Length: > 0 } why)
                    reason = why;
                else if (State(status, "terminated") is { } terminated)
                    reason = Ended(terminated);
                else if (IsTrue(status, "ready") && State(status, "running") is not null)
                    hasRunning = true;
            }
            if (reason == "Completed" && hasRunning)
                reason = IsReady(pod) ? "Running" : "NotReady";
        }
        if (!pod.IsDeleting)
            return reason;
        if (pod.Text("status", "reason") == "NodeLost")
            return "Unknown";
        return pod.Text("status", "phase") is "Failed" or "Succeeded" ? reason : "Terminating";
    }

    private static string Ended(JsonElement terminated) => Text(terminated, "reason") is { Length: > 0 } why ? why
        : Number(terminated, "signal") != 0 ? $"Signal:{Number(terminated, "signal")}" : $"ExitCode:{Number(terminated, "exitCode")}";

    private static string ReadinessGates(StoredObject pod)
    {
        if (pod.Find("spec", "readinessGates") is not { ValueKind: JsonValueKind.Array } gates || gates.GetArrayLength() == 0)
            return "<none>";
        var met = gates.EnumerateArray().Count(gate => Conditions(pod).Any(condition => Text(condition, "type") == Text(gate, "conditionType") && Text(condition, "status") == "True"));
        return $"{met}/{gates.GetArrayLength()}";
    }

    internal static bool IsReady(StoredObject pod) => Conditions(pod).Any(condition => Text(condition, "type") == "Ready" && Text(condition, "status") == "True");

    private static IEnumerable<JsonElement> Conditions(StoredObject pod) => Containers(pod, "conditions");

    private static IEnumerable<JsonElement> Containers(StoredObject pod, string list) =>
        pod.Find("status", list) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : [];

    private static JsonElement? State(JsonElement status, string name) =>
        status.TryGetProperty("state", out var state) && state.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Object ? found : null;

    private static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;

    private static long Number(JsonElement value, string name) => value.TryGetProperty(name, out var found) && found.TryGetInt64(out var number) ? number : 0;

    private static bool IsTrue(JsonElement value, string name) => value.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.True;
}
