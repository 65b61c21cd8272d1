using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Restarts a workload, or all of a namespace one after another, by a rolling update without a change.</summary>
/// <param name="Name">Null: all Deployments, StatefulSets and DaemonSets of the namespace.</param>
public sealed record RestartWorkload(string Namespace, string? Name, string? Kind, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Restart-HaWorkload";

    public override string Target => Name is null ? $"all workloads of {Namespace}" : new WorkloadReference(Namespace, Name, Kind).ToString();
}
