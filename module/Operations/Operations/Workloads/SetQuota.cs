using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Changes limits of a ResourceQuota.</summary>
/// <param name="Quota">Null: the only one of the namespace.</param>
/// <param name="Hard">Limits by resource, as Kubernetes writes them: <c>requests.cpu</c> to <c>8</c>.</param>
public sealed record SetQuota(string Namespace, string? Quota, IReadOnlyDictionary<string, string> Hard) : OperationRequest
{
    public override string Command => "Set-HaQuota";

    public override string Target => Quota is null ? $"quota of {Namespace}" : $"quota {Namespace}/{Quota}";
}
