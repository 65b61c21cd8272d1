using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Filtering;

namespace HaCluster.Simulation.Scheduling;

/// <summary>Creates the pods of workloads, as their controllers do.</summary>
public static class PodFactory
{
    /// <summary>
    /// The tolerations that the DaemonSet controller adds to its pods
    /// (https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations).
    /// </summary>
    private static readonly Toleration[] DaemonTolerations =
    [
        new("node.kubernetes.io/not-ready", true, "", TaintEffect.NoExecute),
        new("node.kubernetes.io/unreachable", true, "", TaintEffect.NoExecute),
        new("node.kubernetes.io/disk-pressure", true, "", TaintEffect.NoSchedule),
        new("node.kubernetes.io/memory-pressure", true, "", TaintEffect.NoSchedule),
        new("node.kubernetes.io/pid-pressure", true, "", TaintEffect.NoSchedule),
        new("node.kubernetes.io/unschedulable", true, "", TaintEffect.NoSchedule),
    ];

    /// <summary>Its replicas; for a DaemonSet one for each eligible node of <paramref name="nodes"/>. Without refused and unscheduled pods.</summary>
    public static IEnumerable<Pod> Of(Workload workload, IEnumerable<Node> nodes) => !workload.HasPods ? [] : workload.Kind == WorkloadKind.DaemonSet
        ? DaemonsOf(workload, nodes)
        : ReplicasOf(workload, OfRevision(workload, workload.Pods, 0));

    /// <summary>
    /// The label that distinguishes revisions, for <c>matchLabelKeys</c>; null for workloads whose pods
    /// have none.
    /// </summary>
    public static string? RevisionLabel(WorkloadKind kind) => kind switch
    {
        WorkloadKind.Deployment => "pod-template-hash",
        WorkloadKind.StatefulSet => "controller-revision-hash",
        _ => null,
    };

    /// <summary>The template with the label of its revision, as the controller makes pods from it.</summary>
    public static PodSpec OfRevision(Workload workload, PodSpec template, int revision) => RevisionLabel(workload.Kind) is not { } label
        ? template
        : template with { Labels = template.Labels.SetItem(label, revision.ToString(System.Globalization.CultureInfo.InvariantCulture)) };

    private static IEnumerable<Pod> ReplicasOf(Workload workload, PodSpec spec) =>
        Enumerable.Range(0, workload.Replicas).Select(ordinal => new Pod(workload, ordinal, spec));

    private static IEnumerable<Pod> DaemonsOf(Workload workload, IEnumerable<Node> nodes)
    {
        var spec = workload.Pods with { Tolerations = [.. workload.Pods.Tolerations, .. DaemonTolerations] };
        return nodes.Where(node => Suits(spec, node)).Select((node, ordinal) => new Pod(workload, ordinal, PinnedTo(node, spec)));
    }

    /// <summary>
    /// Whether selector, affinity and taints allow it; the scheduler checks resources
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/daemon/daemon_controller.go, <c>NodeShouldRunDaemonPod</c>).
    /// </summary>
    public static bool Suits(PodSpec spec, Node node) => (spec.NodeName ?? node.Name) == node.Name
        && NodeAffinity.Matches(spec.NodeSelector, spec.Affinity.Nodes, node)
        && TaintToleration.Untolerated(spec.Tolerations, node.Taints) is null;

    /// <summary>
    /// The controller replaces any node names in the terms by the node's name (<c>ReplaceDaemonSetPodNodeNameNodeAffinity</c>).
    /// </summary>
    private static PodSpec PinnedTo(Node node, PodSpec spec)
    {
        var name = new LabelRequirement("metadata.name", LabelOperator.In, [node.Name]);
        return spec with { Affinity = spec.Affinity with { Nodes = [new NodeAffinityTerm([], [name])] } };
    }
}
