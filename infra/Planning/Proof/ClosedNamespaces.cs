using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof;

/// <summary>
/// Namespaces whose quota admits no pods, such as <c>default</c>, where objects without a namespace go. This is the cause of every violation of a
/// workload there,
/// so they are reported as one violation.
/// </summary>
internal static class ClosedNamespaces
{
    /// <summary>The quota that admits no pod of the workload; null when there is none.</summary>
    public static NamespaceQuota? ClosedBy(this ClusterModel model, Workload workload) => model.Quotas.FirstOrDefault(quota =>
        quota.Namespace == workload.Namespace && quota.Hard.TryGetValue("pods", out var pods) && pods == 0 && quota.Binds(workload.Pods));

    public static Subject SubjectOf(NamespaceQuota quota) => new(SubjectKind.Namespace, quota.Namespace);

    public static string TextOf(NamespaceQuota quota, IReadOnlyCollection<string> workloads) =>
        $"its ResourceQuota {quota.Name} admits no pod: {Wording.Some(workloads)} {Wording.Verb(workloads.Count, "does", "do")} not run";

    /// <summary>Only the author of the manifests knows their namespace.</summary>
    public const string Advice = "move them to another namespace: set metadata.namespace, or use --namespace NAME for objects without a namespace; the proof then shows what else breaks";
}
