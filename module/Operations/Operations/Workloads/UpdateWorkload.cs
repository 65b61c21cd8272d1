using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>
/// Changes the image of a workload and watches readiness, restarts and, where Prometheus has them, errors and latency. Rolls back by itself when they get
/// worse or when the update does not become ready in time.
/// </summary>
/// <param name="Container">Null: the only container.</param>
/// <param name="Timeout">How long the update may take to become ready.</param>
/// <param name="Observe">How long it is watched after it is ready.</param>
/// <param name="MaxErrorRatio">Share of requests that may fail: 0.01 is 1 %.</param>
/// <param name="MaxLatency">99th percentile; null: not judged.</param>
public sealed record UpdateWorkload(
    WorkloadReference Workload, string Image, string? Container, TimeSpan Timeout, TimeSpan Observe, double MaxErrorRatio = 0.01, TimeSpan? MaxLatency = null)
    : OperationRequest
{
    public override string Command => "Update-HaWorkload";

    public override string Target => Workload.ToString();
}
