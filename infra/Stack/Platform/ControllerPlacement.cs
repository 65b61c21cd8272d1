using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Workloads;

namespace HaCluster.Stack.Platform;

/// <summary>
/// Where the controllers of the platform run: on system nodes, spread over zones, ahead of what can wait. As values for charts.
/// </summary>
internal static class ControllerPlacement
{
    /// <summary>As many as there are zones, up to three: what answers the API server must be there when a zone is not.</summary>
    public static int Replicas(int zones) => Math.Min(zones, 3);

    /// <summary>Adds node choice, spread, disruption budget, replicas and size to the values of one component.</summary>
    /// <param name="values">Values of the component, with names that are the same in the charts of cert-manager and External Secrets.</param>
    /// <param name="zones">Number of zones.</param>
    /// <param name="labels">Labels of its pods.</param>
    public static Dictionary<string, object> Place(
        Dictionary<string, object> values, int zones, ContainerSize size, params ReadOnlySpan<(string Key, string Value)> labels)
    {
        values["replicaCount"] = Replicas(zones);
        values["resources"] = size.Values();
        values["nodeSelector"] = NodeSelector();
        values["tolerations"] = Tolerations();
        values["topologySpreadConstraints"] = ZoneSpread.Of(zones, labels).Values();
        values["podDisruptionBudget"] = new Dictionary<string, object> { ["enabled"] = true, ["maxUnavailable"] = 1 };
        return values;
    }

    /// <summary>Not <c>system-cluster-critical</c>: outside kube-system that is refused.</summary>
    public const string PriorityClass = PriorityClasses.High;

    public static Dictionary<string, object> NodeSelector() => new() { [NodePool.Label] = NodePool.System };

    public static Dictionary<string, object>[] Tolerations() => [new() { ["key"] = NodePool.SystemTaint, ["operator"] = "Exists" }];
}
