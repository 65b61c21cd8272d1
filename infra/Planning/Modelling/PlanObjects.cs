using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling;

/// <summary>All Kubernetes objects of a plan, as a cluster would have them after it was applied.</summary>
public static class PlanObjects
{
    /// <summary>Those that the program declares, and those that its charts, add-ons and operators create, as far as they are modelled.</summary>
    public static ImmutableArray<KubernetesObject> Of(ResourceGraph graph) => [.. ClusterModelReader.ObjectsOf(graph, new ModelDraft()).Select(one => one.Object)];

    /// <summary>Those of a directory of manifests, with the StatefulSets of the Prometheus operator.</summary>
    /// <exception cref="Stacks.UnreadableInputException">A file cannot be read or understood.</exception>
    public static ImmutableArray<KubernetesObject> Of(string directory, string? @namespace, bool isRecursive)
    {
        var objects = ManifestDirectory.Read(directory, @namespace, isRecursive).Manifests.Select(manifest => new ClusterObject(manifest.Object, manifest.Place)).ToList();
        return [.. objects.Concat(Charts.Monitoring.OperatedSets.Of(objects)).Select(one => one.Object)];
    }
}
