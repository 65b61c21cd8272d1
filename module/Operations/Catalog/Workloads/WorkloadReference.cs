namespace HaCluster.Operations.Workloads;

/// <summary>Names a workload.</summary>
/// <param name="Kind"><c>Deployment</c>, <c>StatefulSet</c> or <c>DaemonSet</c>; null: the one that has the name.</param>
public sealed record WorkloadReference(string Namespace, string Name, string? Kind = null)
{
    public override string ToString() => Kind is null ? $"{Namespace}/{Name}" : $"{Kind} {Namespace}/{Name}";
}
