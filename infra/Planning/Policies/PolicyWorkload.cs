using HaCluster.Engine.Graph;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Policies;

/// <summary>A workload of the cluster, and the resource of the program that declares it or has it made.</summary>
internal sealed record PolicyWorkload(Workload Workload, ResourceNode Resource)
{
    /// <summary>Runs more than once, and would go on where one replica is lost.</summary>
    public bool IsReplicated => Workload is { Kind: WorkloadKind.Deployment or WorkloadKind.StatefulSet, Replicas: > 1 };

    /// <summary>A problem of the workload in words; one that a chart or a controller makes is named, as its resource may make several.</summary>
    public string Say(string problem) => Workload.Source is Origin.Program ? problem : $"{Workload.Kind} {Workload.Id}: {problem}";
}
