using HaCluster.Operations.Running;

namespace HaCluster.Operations.Chains;

/// <summary>Takes one chain node out of service without deleting its data, or puts it back.</summary>
/// <param name="Pod">The pod of the chain node, in the namespace of the chains.</param>
/// <param name="Resume">Whether to put it back.</param>
public sealed record SuspendChainReplica(string Pod, bool Resume = false, string Namespace = "chains") : OperationRequest
{
    public override string Command => "Suspend-HaChainReplica";

    public override string Target => $"chain node {Namespace}/{Pod}";
}
