using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Modelling.Nodes;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>
/// A whole cluster from its objects, as
/// <c>kubectl get nodes,csinodes,pods,deployments,statefulsets,daemonsets,... -A -o yaml</c> gives them.
/// </summary>
public static class ClusterDirectory
{
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
        var kept = objects.Where(one => !owners.IsOwned(one) && !IsOver(one)).ToList();
        new ObjectModel(draft, ServingRule.Default, SettingNames.None)
            .Add(kept, new ClusterModel { Name = "", Zones = [], Nodes = nodes });
        draft.Placements.AddRange(objects.Where(one => one.Kind == "Pod" && !IsOver(one)).Select(owners.PlacementOf).OfType<PodPlacement>());
        return draft.Onto(new ClusterModel
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))),
            Zones = [.. nodes.Select(node => node.Zone).Where(zone => zone.Length > 0).Distinct().Order(StringComparer.Ordinal)],
        });
    }

    /// <summary>A pod that has ended takes nothing of its node.</summary>
    private static bool IsOver(ClusterObject subject) => subject.Kind == "Pod" && subject.At("status", "phase").Text() is ("Succeeded" or "Failed");
}
