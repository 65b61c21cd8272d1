using HaCluster.Operations.Running;

namespace HaCluster.Operations.Nodes;

/// <summary>Replaces a node: cordons and drains it, terminates its instance through its Auto Scaling group, waits until the replacement is ready.</summary>
/// <param name="Timeout">How long one pod may be kept by its budget before the operation fails and names both.</param>
public sealed record ReplaceNode(string Node, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Restart-HaNode";

    public override string Target => $"node {Node}";
}
