using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace HaCluster.Stack.Nodes;

/// <summary>
/// Places pods on the stateful nodes. Every pod with a volume belongs there: these are groups of one zone each, so that a node can always be
/// added in the zone of a volume.
/// </summary>
public static class StatefulNodes
{
    private const string Effect = "NoSchedule";

    public static InputMap<string> NodeSelector() => new() { [NodePool.Label] = NodePool.Stateful };

    public static TolerationArgs[] Tolerations() =>
        [new TolerationArgs { Key = NodePool.Label, Operator = "Equal", Value = NodePool.Stateful, Effect = Effect }];

    /// <summary>For the values of a chart.</summary>
    public static Dictionary<string, object> NodeSelectorValues() => new() { [NodePool.Label] = NodePool.Stateful };

    /// <summary>For the values of a chart.</summary>
    public static Dictionary<string, object>[] TolerationValues() =>
        [new() { ["key"] = NodePool.Label, ["operator"] = "Equal", ["value"] = NodePool.Stateful, ["effect"] = Effect }];
}
