using HaCluster.Operations.Running;

namespace HaCluster.Operations.Chains;

/// <summary>Recreates a chain node from the latest snapshot of its set, and waits until it serves.</summary>
/// <param name="Consensus">Only the data of its consensus client, which is then synchronised from a checkpoint.</param>
/// <param name="Snapshot">Null: the latest one that is ready.</param>
public sealed record RestoreChainReplica(string Pod, bool Consensus, string? Snapshot, TimeSpan Timeout, string Namespace = "chains") : OperationRequest
{
    public override string Command => "Restore-HaChainReplica";

    public override string Target => $"chain node {Namespace}/{Pod}";
}
