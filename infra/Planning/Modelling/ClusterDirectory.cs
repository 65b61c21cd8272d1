using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Modelling.Nodes;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>
/// Reads a whole cluster from its objects, as
/// <c>kubectl get namespaces,nodes,csinodes,pods,... -A -o yaml</c> gives them; <c>ha schedule --help</c> names all kinds.
/// </summary>
public static class ClusterDirectory
{
    private const string Groupless = "Nodes of a cluster read from its objects belong to no node group: none is added, and a lost one is not replaced.";

    /// <param name="namespace">Of objects that carry none; null for <c>default</c>.</param>
    /// <exception cref="UnreadableInputException">The directory or a file in it cannot be read or understood, or there is no Node in it.</exception>
    public static ClusterModel Read(string directory, string? @namespace = null)
    {
        var read = ManifestDirectory.Read(directory, @namespace, isRecursive: true);
        var objects = read.Manifests.Select(manifest => new ClusterObject(manifest.Object, manifest.Place)).ToList();
        var nodes = NodeReader.Read(objects);
        if (nodes.IsEmpty)
            throw new UnreadableInputException($"{directory} holds no object of kind Node; a cluster needs nodes: kubectl get nodes -o yaml");

        var draft = new ModelDraft();
        draft.Take(read);
        draft.Assume(Groupless);
        draft.Nodes.AddRange(nodes);
        var owners = new OwnerIndex(objects);
        var pods = objects.Where(one => one.Kind == "Pod" && !IsOver(one)).ToList();
        // A job that has ended still counts while a pod of it is ending.
        var alive = new HashSet<object>(pods.Select(owners.RootOf), ReferenceEqualityComparer.Instance);
        var kept = objects.Where(one => !owners.IsOwned(one) && (alive.Contains(one) || !IsOver(one))).ToList();
        var cluster = new ClusterModel { Name = "", Zones = [], Nodes = nodes };
        alive.UnionWith(objects.Where(one => one.Kind == "Job" && !IsOver(one)).Select(owners.RootOf));
        new ObjectModel(draft, ServingRule.Default, SettingNames.None).Add([.. kept.Where(one => one.Kind != "CronJob" || alive.Contains(one))], cluster);
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

        return draft.Onto(new ClusterModel
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))),
            Zones = [.. nodes.Select(node => node.Zone).Where(zone => zone.Length > 0).Distinct().Order(StringComparer.Ordinal)],
        });
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
