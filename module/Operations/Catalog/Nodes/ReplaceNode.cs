using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;
using HaCluster.Operations.Safety;

namespace HaCluster.Operations.Nodes;

/// <summary>Replaces a node: cordons and drains it, terminates its instance through its Auto Scaling group, waits until the replacement is ready.</summary>
/// <param name="Timeout">How long one pod may be kept by its budget before the operation fails and names both.</param>
public sealed record ReplaceNode(string Node, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Restart-HaNode";

    public override string Target => $"node {Node}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (await context.RefuseUnknownAsync(Node, cancellationToken) is { } unknown)
            return Draft.Refused(unknown);
        var node = await context.NodeAsync(Node, cancellationToken);
        var groups = await context.Aws("the Auto Scaling group of a node").AutoScaling.ListAsync(context.Session.ClusterName, [], cancellationToken);
        var group = groups.FirstOrDefault(group => group.Instances.Any(instance => instance.Id == node.InstanceId()));
        if (group is null)
        {
            return Draft.Refused(new Refusal
            {
                Code = "NoAutoScalingGroup",
                Kind = FailureKind.InvalidInput,
                Reason = $"node {Node} ({node.InstanceId()}) is in no Auto Scaling group of this cluster: nothing would replace it",
                Advice = "Drain it (Invoke-HaNodeDrain) and terminate it where it was created",
            });
        }
        var (steps, refusals) = await Drainage.PlanAsync(context, [node], Timeout, cancellationToken);
        return new Draft($"Replace node {Node} ({node.InstanceId()}) of {group.Name}",
        [
            new CordonStep(Node),
            .. DrainNode.Fence(node),
            .. steps,
            new TerminateStep(Node, node.InstanceId(), group.Name),
            new ReplacementStep(Node, group.Name, [.. group.Instances.Select(instance => instance.Id)], group.Desired),
        ])
        {
            Refusals =
            [
                .. refusals,
                .. await SafetyCheck.AskAsync(context, new Departure.OfNodes([Node]), cancellationToken),
                .. group.SuspendedProcesses.Contains("Launch")
                    ? new[] { new Refusal { Code = "LaunchSuspended", Reason = $"Auto Scaling group {group.Name} launches no instances (process Launch is suspended)", Advice = "Resume the process first", Forceable = true } }
                    : [],
            ],
        };
    }
}
