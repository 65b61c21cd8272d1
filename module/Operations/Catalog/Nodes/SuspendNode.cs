using HaCluster.Operations.Running;

namespace HaCluster.Operations.Nodes;

/// <summary>Cordons a node: nothing new is scheduled to it.</summary>
public sealed record SuspendNode(string Node) : OperationRequest
{
    public override string Command => "Suspend-HaNode";

    public override string Target => $"node {Node}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken) =>
        await context.RefuseUnknownAsync(Node, cancellationToken) is { } unknown ? Draft.Refused(unknown) : new Draft($"Cordon node {Node}", [new CordonStep(Node)]);
}
