using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace HaCluster.Stack.Settings;

/// <summary>
/// Requests and limits of a container. Memory and local disk are requested in full: neither can be reclaimed without a kill. The limit
/// of cpu is what the quota counts, and must be given where the request is above the namespace's default.
/// </summary>
/// <param name="Cpu">Kubernetes quantity, such as <c>250m</c>.</param>
/// <param name="CpuLimit">Kubernetes quantity.</param>
/// <param name="Memory">Kubernetes quantity, such as <c>512Mi</c>.</param>
/// <param name="EphemeralStorage">Logs, writable layer and emptyDir volumes; a Kubernetes quantity.</param>
public sealed record ContainerSize(string Cpu, string CpuLimit, string Memory, string EphemeralStorage)
{
    public ResourceRequirementsArgs Typed() => new()
    {
        Requests = { ["cpu"] = Cpu, ["memory"] = Memory, ["ephemeral-storage"] = EphemeralStorage },
        Limits = { ["cpu"] = CpuLimit, ["memory"] = Memory, ["ephemeral-storage"] = EphemeralStorage },
    };

    /// <summary>For the values of a chart.</summary>
    public Dictionary<string, object> Values() => new()
    {
        ["requests"] = new Dictionary<string, object> { ["cpu"] = Cpu, ["memory"] = Memory, ["ephemeral-storage"] = EphemeralStorage },
        ["limits"] = new Dictionary<string, object> { ["cpu"] = CpuLimit, ["memory"] = Memory, ["ephemeral-storage"] = EphemeralStorage },
    };
}
