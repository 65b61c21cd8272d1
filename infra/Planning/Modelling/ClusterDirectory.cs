using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Modelling.Nodes;
using HaCluster.Planning.Modelling.Objects;
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
        ExistingObjects.Read(objects, new ClusterModel { Name = "", Zones = [], Nodes = nodes }, draft);
        return draft.Onto(new ClusterModel
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))),
            Zones = [.. nodes.Select(node => node.Zone).Where(zone => zone.Length > 0).Distinct().Order(StringComparer.Ordinal)],
        });
    }
}
