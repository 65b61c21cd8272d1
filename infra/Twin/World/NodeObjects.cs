using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Twin.World;

/// <summary>Nodes as JSON.</summary>
internal static class NodeObjects
{
    private static readonly (string Type, string Reason, string Message)[] Pressures =
    [
        ("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ];

    public static JsonObject Make(Node node, InstanceRecord instance, string version) => Json.Map(
        ("apiVersion", "v1"),
        ("kind", "Node"),
        ("metadata", Json.Map(
            ("name", node.Name),
            ("labels", Json.Map(node.Labels)),
            ("annotations", Json.Map(("csi.volume.kubernetes.io/nodeid", $$"""{"ebs.csi.aws.com":"{{instance.Id}}"}"""))))),
        ("spec", Json.Map(("providerID", $"aws:///{node.Zone}/{instance.Id}"))),
        ("status", Json.Map(
            ("capacity", Amounts(node, isCapacity: true)),
            ("allocatable", Amounts(node, isCapacity: false)),
            ("addresses", new JsonArray(
                Json.Map(("type", "InternalIP"), ("address", instance.Address)),
                Json.Map(("type", "InternalDNS"), ("address", instance.DnsName)),
                Json.Map(("type", "Hostname"), ("address", instance.DnsName)))),
            ("daemonEndpoints", Json.Map(("kubeletEndpoint", Json.Map(("Port", 10250))))),
            ("nodeInfo", Json.Map(
                ("machineID", instance.Id), ("systemUUID", instance.Id), ("bootID", instance.Id), ("kernelVersion", "6.12.0-twin"), ("osImage", "Simulated node of the local twin"),
                ("containerRuntimeVersion", "containerd://2.1.0-twin"), ("kubeletVersion", $"v{version}.0-twin"), ("kubeProxyVersion", $"v{version}.0-twin"),
                ("operatingSystem", "linux"), ("architecture", node.Labels.GetValueOrDefault("kubernetes.io/arch", "amd64")))))));

    /// <summary>Drivers and their limits of volumes, which the scheduler of a reader of the cluster needs.</summary>
    public static JsonObject Drivers(Node node, InstanceRecord instance) => Json.Map(
        ("apiVersion", "storage.k8s.io/v1"),
        ("kind", "CSINode"),
        ("metadata", Json.Map(("name", node.Name))),
        ("spec", Json.Map(("drivers", Json.List(node.VolumeLimits.Select(limit => Json.Map(
            ("name", limit.Key), ("nodeID", instance.Id), ("topologyKeys", new JsonArray(Labels.EbsZone)), ("allocatable", Json.Map(("count", limit.Value))))))))));

    public static JsonArray Taints(NodeState node, string now)
    {
        var taints = node.Taints.AsEnumerable();
        if (node.IsUnschedulable && !node.Taints.Any(taint => taint.Key == Taint.Unschedulable.Key))
            taints = taints.Append(Taint.Unschedulable);
        return Json.List(taints.Select(taint => Json.Map(
            ("key", taint.Key), ("value", taint.Value.Length == 0 ? null : taint.Value), ("effect", taint.Effect.ToString()),
            ("timeAdded", taint.Effect == TaintEffect.NoExecute || taint.Key == Taint.Unschedulable.Key ? now : null))));
    }

    /// <param name="isLost">The control plane has noticed that the kubelet does not answer.</param>
    /// <param name="since">Of the last change.</param>
    /// <param name="heardAt">The last heartbeat.</param>
    public static JsonArray Conditions(bool isLost, string since, string heardAt)
    {
        var conditions = new JsonArray();
        foreach (var (type, reason, message) in Pressures)
            conditions.Add(isLost ? Unknown(type, since, heardAt) : Condition(type, "False", since, heardAt, reason, message));
        conditions.Add(isLost ? Unknown("Ready", since, heardAt) : Condition("Ready", "True", since, heardAt, "KubeletReady", "kubelet is posting ready status"));
        return conditions;
    }

    private static JsonObject Unknown(string type, string since, string heardAt) => Condition(type, "Unknown", since, heardAt, "NodeStatusUnknown", "Kubelet stopped posting node status.");

    private static JsonObject Condition(string type, string status, string since, string heardAt, string reason, string message) => Json.Map(
        ("type", type), ("status", status), ("lastHeartbeatTime", heardAt), ("lastTransitionTime", since), ("reason", reason), ("message", message));

    private static JsonObject Amounts(Node node, bool isCapacity)
    {
        var cpu = isCapacity ? (node.Allocatable.MilliCpu + 999) / 1000 * 1000 : node.Allocatable.MilliCpu;
        var amounts = Json.Map(
            ("cpu", cpu % 1000 == 0 ? Text(cpu / 1000) : $"{Text(cpu)}m"),
            ("memory", $"{Text(node.Allocatable.MemoryBytes / 1024)}Ki"),
            ("ephemeral-storage", Text(node.Allocatable.EphemeralBytes)),
            ("pods", Text(node.MaxPods)));
        foreach (var (name, amount) in node.Extended)
            amounts[name] = Text(amount);
        return amounts;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
