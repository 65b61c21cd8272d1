using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Sets the replicas of a workload, and waits until they are ready.</summary>
public sealed record ScaleWorkload(WorkloadReference Workload, int Replicas, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Set-HaWorkloadScale";

    public override string Target => Workload.ToString();
}
