using HaCluster.Operations.Running;
using HaCluster.Planning;
using k8s.Models;

namespace HaCluster.Operations.Journal;

/// <summary>What the lease of operations says: who holds it, since when and for what.</summary>
internal static class LeaseReading
{
    public const string OperationAnnotation = "ha-cluster/operation";
    public const string CommandAnnotation = "ha-cluster/command";
    public const string TargetAnnotation = "ha-cluster/target";
    public const string OperatorAnnotation = "ha-cluster/operator";
    public const string StopAnnotation = "ha-cluster/stop";

    /// <summary>Whether another works with it, as far as one look can tell.</summary>
    public static bool IsHeldNow(V1Lease? lease, TimeProvider time) => lease is not null && IsHeld(lease) && IsFresh(lease, time);

    public static string HeldBy(V1Lease lease) => Annotation(lease, OperatorAnnotation);

    public static string HeldOperation(V1Lease lease) => Annotation(lease, OperationAnnotation);

    public static OperationHeldException Held(V1Lease lease, TimeProvider time)
    {
        var operation = Annotation(lease, OperationAnnotation);
        var since = lease.Spec.AcquireTime is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : (DateTimeOffset?)null;
        return new(
            $"{Annotation(lease, CommandAnnotation)} {Annotation(lease, TargetAnnotation)}".Trim(),
            $"is running: {Annotation(lease, OperatorAnnotation)} holds the cluster's lease since {since:u} with operation {operation}, renewed {Ago(lease, time)}",
            $"Wait for it, or stop it (Stop-HaOperation {operation}). If its process is dead, the lease expires {Wording.Duration(OperationLease.Duration)} after the last renewal")
        {
            Holder = Annotation(lease, OperatorAnnotation),
            Since = since,
            Operation = operation,
        };
    }

    public static bool IsAskedToStop(V1Lease lease, string operation) => Is(lease, StopAnnotation, operation);

    public static bool IsHeld(V1Lease lease) => !string.IsNullOrEmpty(lease.Spec?.HolderIdentity);

    public static bool Is(V1Lease lease, LeaseHolder holder) => lease.Spec?.HolderIdentity == holder.Identity;

    public static bool Is(V1Lease lease, string annotation, string value) => Annotation(lease, annotation) == value;

    private static string Annotation(V1Lease lease, string name) => lease.Metadata.Annotations?.TryGetValue(name, out var value) == true ? value : "";

    /// <summary>Renewed within its duration, as far as the clocks of two machines can be compared.</summary>
    public static bool IsFresh(V1Lease lease, TimeProvider time) =>
        lease.Spec.RenewTime is { } renewed && (time.GetUtcNow().UtcDateTime - renewed).Duration() < TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? 0);

    private static string Ago(V1Lease lease, TimeProvider time) =>
        lease.Spec.RenewTime is { } renewed ? $"{Wording.Duration((time.GetUtcNow().UtcDateTime - renewed).Duration())} ago" : "at an unknown time";
}
