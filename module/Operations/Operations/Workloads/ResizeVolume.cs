using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Makes a volume larger, and waits until its file system is.</summary>
/// <param name="Size">A Kubernetes quantity: <c>200Gi</c>.</param>
public sealed record ResizeVolume(string Namespace, string Claim, string Size, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Resize-HaVolume";

    public override string Target => $"claim {Namespace}/{Claim}";
}
