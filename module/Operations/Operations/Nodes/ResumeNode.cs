using HaCluster.Operations.Running;

namespace HaCluster.Operations.Nodes;

/// <summary>Uncordons a node.</summary>
public sealed record ResumeNode(string Node) : OperationRequest
{
    public override string Command => "Resume-HaNode";

    public override string Target => $"node {Node}";
}
