using HaCluster.Operations.Running;

namespace HaCluster.Operations.Nodes;

/// <summary>Cordons a node and evicts its pods in a safe order, with respect to their budgets.</summary>
/// <param name="Timeout">How long one pod may be kept by its budget before the operation fails and names both.</param>
public sealed record DrainNode(string Node, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Invoke-HaNodeDrain";

    public override string Target => $"node {Node}";
}
