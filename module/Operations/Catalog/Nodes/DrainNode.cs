using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;
using HaCluster.Operations.Safety;

namespace HaCluster.Operations.Nodes;

/// <summary>Cordons a node and evicts its pods in a safe order, with respect to their budgets.</summary>
/// <param name="Timeout">How long one pod may be kept by its budget before the operation fails and names both.</param>
public sealed record DrainNode(string Node, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Invoke-HaNodeDrain";

    public override string Target => $"node {Node}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (await context.RefuseUnknownAsync(Node, cancellationToken) is { } unknown)
            return Draft.Refused(unknown);
        var node = await context.NodeAsync(Node, cancellationToken);
        var (steps, refusals) = await Drainage.PlanAsync(context, [node], Timeout, cancellationToken);
        var safety = await SafetyCheck.AskAsync(context, new Departure.OfNodes([Node]), cancellationToken);
        var pods = await Drainage.LeavingAsync(context, [Node], cancellationToken);
        return new Draft($"Drain node {Node}: {pods.Count} pods", [new CordonStep(Node), .. Fence(node), .. steps])
        {
            Refusals = [.. refusals, .. safety],
        };
    }

    /// <summary>Only a node that does not answer can need it.</summary>
    internal static IEnumerable<Step> Fence(k8s.Models.V1Node node) => node.IsReady() || node.InstanceId().Length == 0 ? [] : [new FenceStep(node.Metadata.Name, node.InstanceId())];
}
