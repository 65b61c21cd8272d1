using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Returns a workload to an earlier revision of its pod template.</summary>
/// <param name="Revision">Null: the one before the present one.</param>
public sealed record UndoWorkload(WorkloadReference Workload, long? Revision, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Undo-HaWorkload";

    public override string Target => Workload.ToString();
}
