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
/// A whole cluster from its objects, as
/// <c>kubectl get namespaces,nodes,csinodes,pods,deployments,statefulsets,daemonsets,... -A -o yaml</c> gives them.
/// </summary>
public static class ClusterDirectory
{
    private const string DefaultScheduler = "default-scheduler";

    private const string Groupless = "Machines of a cluster read from its objects belong to no node group: none is added, and none comes back.";

    /// <exception cref="UnreadableInputException">The directory or a file in it cannot be read or understood, or there is no Node in it.</exception>
    public static ClusterModel Read(string directory)
    {
        var objects = ManifestDirectory.Read(directory)
            .Select(manifest => new ClusterObject(manifest.Object, Path.GetRelativePath(directory, manifest.Place)))
            .ToList();
        var nodes = NodeReader.Read(objects);
        if (nodes.IsEmpty)
            throw new UnreadableInputException($"{directory} holds no object of kind Node; a cluster needs machines: kubectl get nodes -o yaml");

        var draft = new ModelDraft();
        draft.Assume(Groupless);
        draft.Nodes.AddRange(nodes);
        var owners = new OwnerIndex(objects);
        objects.RemoveAll(one =>
        {
            if (NobodyPlaces(one) is not { } why)
                return false;
            draft.AddUnknown($"Pod {one.Namespace}/{one.Name}", why);
            return true;
        });
        var pods = objects.Where(one => one.Kind == "Pod" && !IsOver(one)).ToList();
        // A job that has ended still counts while a pod of it is ending.
        var alive = new HashSet<object>(pods.Select(owners.RootOf), ReferenceEqualityComparer.Instance);
        var kept = objects.Where(one => !owners.IsOwned(one) && (alive.Contains(one) || !IsOver(one))).ToList();
        var machines = new ClusterModel { Name = "", Zones = [], Nodes = nodes };
        new ObjectModel(draft, ServingRule.Default, SettingNames.None).Add(kept, machines);
        var index = new ObjectIndex(objects, machines);
        // Pods that wait since the same moment come in the order in which the API server lists them.
        draft.Placements.AddRange(pods.OrderBy(pod => pod.At("metadata", "creationTimestamp").Text() ?? "", StringComparer.Ordinal)
            .ThenBy(pod => pod.Spec.At("nodeName") is null ? $"{pod.Namespace}/{pod.Name}" : "", StringComparer.Ordinal)
            .Select(pod => Placement(pod, owners.RootOf(pod), index)));
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
            NominatedNode = pod.At("status", "nominatedNodeName").Text() is { Length: > 0 } node ? node : null,
            IsPreempted = IsEnding(pod) && pod.At("status", "conditions").Items().Any(condition =>
                condition.At("type").Text() == "DisruptionTarget" && condition.At("reason").Text() == "PreemptionByScheduler"),
        };
    }

    /// <summary>Why kube-scheduler leaves a pod alone that has no node; null when it does not.</summary>
    private static string? NobodyPlaces(ClusterObject subject)
    {
        if (subject.Kind != "Pod" || IsOver(subject) || subject.Spec.At("nodeName") is not null)
            return null;
        if (subject.Spec.At("schedulerName").Text() is { } name && name != DefaultScheduler)
            return $"it is placed by {name}, not by {DefaultScheduler}";
        var claims = ResourceClaims.Read(subject.Spec);
        if (!claims.IsEmpty)
            return ResourceClaims.WhyUnknown(claims);
        var gates = subject.Spec.At("schedulingGates").Items().Select(gate => gate.At("name").Text()).ToList();
        return gates.Count > 0 ? $"it is not placed before its scheduling gates are gone: {string.Join(", ", gates)}" : null;
    }

    private static bool IsEnding(ClusterObject pod) => pod.At("metadata", "deletionTimestamp") is not null;

    /// <summary>
    /// A pod that has ended, or is told to before it had a node, takes nothing of any; a job that has ended, or is suspended, makes no more pods.
    /// </summary>
    private static bool IsOver(ClusterObject subject) => subject.Kind switch
    {
        "Pod" => subject.At("status", "phase").Text() is "Succeeded" or "Failed" || (IsEnding(subject) && subject.Spec.At("nodeName") is null),
        "Job" => subject.Spec.At("suspend").IsTrue() || subject.At("status", "conditions").Items().Any(condition =>
            condition.At("type").Text() is "Complete" or "Failed" or "SuccessCriteriaMet" or "FailureTarget" && condition.At("status").Text() == "True"),
        _ => false,
    };
}
