using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Nodes;

/// <summary>
/// Tells Kubernetes that a node is out of service, so that its pods are deleted and its volumes detached at once instead of after six minutes or never
/// (https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/#non-graceful-node-shutdown). Two writers on one volume are the price of a
/// mistake: only EC2's word that the instance is stopped or terminated counts, and no force overrides it.
/// </summary>
internal sealed record FenceStep(string Node, string InstanceId) : Step
{
    private const string Taint = "node.kubernetes.io/out-of-service";
    private const string Value = "ha-cluster";

    public override string Id => $"fence/{Node}";

    public override string Title => $"Fence node {Node}, if EC2 says that {InstanceId} is off";

    public override string Subject => $"node/{Node}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(2);

    public static bool IsFenced(V1Node node) => node.Spec?.Taints?.Any(taint => taint.Key == Taint) == true;

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var node = await context.Kubernetes.FindAsync(Kinds.Nodes, null, Node, cancellationToken);
        if (node is null)
            return StepCheck.Done(Facts(), "the node is gone");
        var found = Facts(("fenced", IsFenced(node) ? "yes" : "no"));
        if (IsFenced(node))
            return StepCheck.Done(found, "it is fenced");
        if (node.IsReady())
            return StepCheck.Done(found, "it is ready: its kubelet ends its pods");
        var state = await StateAsync(context, cancellationToken);
        return state is "stopped" or "terminated" or ""
            ? StepCheck.ToDo(found)
            : StepCheck.Done(found, $"EC2 says that {InstanceId} is {state}: it may still write, so it is not fenced and its pods with volumes stay with it");
    }

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        var node = await context.NodeAsync(Node, cancellationToken);
        // Asked again, as late as can be.
        if (node.IsReady() || IsFenced(node) || await StateAsync(context, cancellationToken) is not ("stopped" or "terminated" or ""))
            return;
        (node.Spec.Taints ??= []).Add(new V1Taint { Key = Taint, Value = Value, Effect = "NoExecute" });
        await context.Kubernetes.ReplaceAsync(Kinds.Nodes, null, Node, node, cancellationToken);
    }

    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        if (await context.Kubernetes.FindAsync(Kinds.Nodes, null, Node, cancellationToken) is { } node && node.IsReady())
            await LiftAsync(context, node, cancellationToken);
    }

    /// <summary>Takes our taint away: the node is back, under its old name.</summary>
    public static async Task LiftAsync(StepContext context, V1Node node, CancellationToken cancellationToken)
    {
        if (node.Spec?.Taints?.Any(taint => taint is { Key: Taint, Value: Value }) != true)
            return;
        node.Spec.Taints = [.. node.Spec.Taints.Where(taint => taint is not { Key: Taint, Value: Value })];
        await context.Kubernetes.ReplaceAsync(Kinds.Nodes, null, node.Metadata.Name, node, cancellationToken);
    }

    /// <summary>Empty: EC2 does not know the instance any more, which it forgets an hour after it was terminated.</summary>
    private async Task<string> StateAsync(StepContext context, CancellationToken cancellationToken) =>
        (await context.Aws($"the state of instance {InstanceId}").Ec2.FindInstancesAsync([InstanceId], cancellationToken)).FirstOrDefault()?.State ?? "";
}
