using HaCluster.Operations.Running;

namespace HaCluster.Operations.Nodes;

/// <summary>Uncordons a node.</summary>
public sealed record ResumeNode(string Node) : OperationRequest
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(1);

    public override string Command => "Resume-HaNode";

    public override string Target => $"node {Node}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (await context.RefuseUnknownAsync(Node, cancellationToken) is { } unknown)
            return Draft.Refused(unknown);
        var node = await context.NodeAsync(Node, cancellationToken);
        return new Draft($"Uncordon node {Node}", [new UncordonStep(Node, ReadyLimit)])
        {
            Warnings = node.IsReady() ? [] : [$"node {Node} is not ready; it is uncordoned once it is"],
        };
    }
}
