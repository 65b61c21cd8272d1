using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>Reads the objects of a cluster that exists: workloads without an owner, and the pods where they are.</summary>
internal static class ExistingObjects
{
    /// <param name="cluster">Its nodes, and what else is known.</param>
    /// <param name="serving">Null: without objectives.</param>
    public static void Read(IReadOnlyCollection<ClusterObject> objects, ClusterModel cluster, ModelDraft draft, ServingRule? serving = null)
    {
        var owners = new OwnerIndex(objects);
        var pods = objects.Where(one => one.Kind == "Pod" && !IsOver(one)).ToList();
        // A job that has ended still counts while a pod of it is ending.
        var alive = new HashSet<object>(pods.Select(owners.RootOf), ReferenceEqualityComparer.Instance);
        var kept = objects.Where(one => !owners.IsOwned(one) && (alive.Contains(one) || !IsOver(one))).ToList();
        alive.UnionWith(objects.Where(one => one.Kind == "Job" && !IsOver(one)).Select(owners.RootOf));
        new ObjectModel(draft, serving ?? ServingRule.Default, SettingNames.None).Add([.. kept.Where(one => one.Kind != "CronJob" || alive.Contains(one))], cluster);
        foreach (var idle in kept.Where(one => one.Kind == "CronJob" && !alive.Contains(one)))
            draft.AddNote($"CronJob {idle.Namespace}/{idle.Name}", "it has no job now and creates none before its schedule: none of its pods is placed");
        // A dump seldom has secrets; kinds that were not collected are not reported as missing.
        draft.NoteMissing(kept, cluster, objects.Select(one => one.Kind).ToHashSet(StringComparer.Ordinal));
        var index = new ObjectIndex(objects, cluster);
        // Pods created at the same time are in the order in which the API server lists them.
        var inOrder = pods.OrderBy(pod => pod.At("metadata", "creationTimestamp").Text() ?? "", StringComparer.Ordinal)
            .ThenBy(pod => pod.Spec.At("nodeName") is null ? $"{pod.Namespace}/{pod.Name}" : "", StringComparer.Ordinal);
        foreach (var pod in inOrder)
        {
            var placement = Placement(pod, owners.RootOf(pod), index);
            if (placement.Node is null && Admission.WhyNotScheduled(placement.Spec) is { } why)
                draft.AddUnknown($"Pod {pod.Namespace}/{pod.Name}", why);
            else
                draft.Placements.Add(placement);
        }
    }

    private static PodPlacement Placement(ClusterObject pod, ClusterObject root, ObjectIndex index)
    {
        var spec = PodSpecReader.Read(new PropertyValue.Map(pod.Object.Content), index.Of(pod.Namespace));
        return new PodPlacement($"{root.Namespace}/{root.Name}", pod.Name, spec.NodeName, spec with { NodeName = null }, IsEnding(pod))
        {
            WorkloadKind = root.Kind,
            NominatedNode = pod.At("status", "nominatedNodeName").Text() is { Length: > 0 } node ? node : null,
            IsPreempted = IsEnding(pod) && pod.At("status", "conditions").Items().Any(condition =>
                condition.At("type").Text() == "DisruptionTarget" && condition.At("reason").Text() == "PreemptionByScheduler"),
        };
    }

    private static bool IsEnding(ClusterObject pod) => pod.At("metadata", "deletionTimestamp") is not null;

    /// <summary>
    /// A pod that has ended, or is deleted before it had a node, uses no node; a job that has ended or is suspended creates no more pods.
    /// </summary>
    private static bool IsOver(ClusterObject subject) => subject.Kind switch
    {
        "Pod" => subject.At("status", "phase").Text() is "Succeeded" or "Failed" || (IsEnding(subject) && subject.Spec.At("nodeName") is null),
        "Job" => subject.Spec.At("suspend").IsTrue() || subject.At("status", "conditions").Items().Any(condition =>
            condition.At("type").Text() is "Complete" or "Failed" or "SuccessCriteriaMet" or "FailureTarget" && condition.At("status").Text() == "True"),
        _ => false,
    };
}
