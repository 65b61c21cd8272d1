using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Workloads;

/// <summary>Why pods do not become ready.</summary>
internal static class PodTrouble
{
    // States that a kubelet repeats forever: waiting does not help.
    private static readonly HashSet<string> Permanent =
        ["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "CrashLoopBackOff", "CreateContainerConfigError", "CreateContainerError", "RunContainerError"];

    /// <summary>In a few words, for a message; never empty.</summary>
    public static async Task<string> DescribeAsync(StepContext context, WorkloadReading workload, CancellationToken cancellationToken)
    {
        var troubles = (await workload.PodsAsync(context, cancellationToken)).Select(Of).OfType<string>().ToList();
        return troubles.Count == 0 ? "its pods report no reason" : string.Join("; ", troubles.Take(3));
    }

    /// <returns>Null for a pod that is ready.</returns>
    public static string? Of(V1Pod pod)
    {
        if (Drainage.IsReady(pod) || pod.Metadata.DeletionTimestamp is not null)
            return null;
        var name = Drainage.NameOf(pod);
        if (pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False" }) is { } unscheduled)
            return $"pod {name} is not scheduled: {unscheduled.Message}";
        return Waiting(pod) is { } waiting ? $"pod {name}: {waiting.Reason}{(waiting.Message is { Length: > 0 } message ? $" ({message})" : "")}" : $"pod {name} is not ready";
    }

    /// <summary>The state that cannot get better by itself; null when there is none.</summary>
    public static string? PermanentState(V1Pod pod) => Waiting(pod) is { Reason: { } reason } && Permanent.Contains(reason) ? Of(pod) : null;

    public static int Restarts(V1Pod pod) => pod.Status?.ContainerStatuses?.Sum(container => container.RestartCount) ?? 0;

    private static V1ContainerStateWaiting? Waiting(V1Pod pod) =>
        (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []).Select(container => container.State?.Waiting).FirstOrDefault(waiting => waiting is not null);
}
