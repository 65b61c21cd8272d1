using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Rendering;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>
/// Reads objects of a running cluster as they change: the objects that others depend on (classes, claims, limit ranges, autoscalers, services, quotas) are
/// kept, workloads are read over them. The reading itself is that of every plan and every directory of manifests.
/// </summary>
/// <param name="cluster">Nodes, version and built-in storage classes of the cluster.</param>
public sealed class LiveReader(ClusterModel cluster)
{
    private static readonly Origin Source = new Origin.File("the API server");

    private readonly Dictionary<(string Kind, string Namespace, string Name), ClusterObject> _context = [];

    /// <summary>Whether other objects are read over objects of this kind.</summary>
    public static bool IsContext(string kind) => kind is "Namespace" or "PriorityClass" or "RuntimeClass" or "StorageClass" or "PersistentVolume" or "PersistentVolumeClaim"
        or "LimitRange" or "ResourceQuota" or "PodDisruptionBudget" or "HorizontalPodAutoscaler" or "Service";

    /// <summary>All objects of a plan: those that it declares, and those that its charts, add-ons and operators create, as far as they are modelled.</summary>
    public static ImmutableArray<KubernetesObject> ObjectsOf(ResourceGraph graph) => [.. ClusterModelReader.ObjectsOf(graph, new ModelDraft()).Select(one => one.Object)];

    /// <summary>All objects of a directory of manifests, with the StatefulSets of the Prometheus operator.</summary>
    /// <exception cref="Stacks.UnreadableInputException">A file cannot be read or understood.</exception>
    public static ImmutableArray<KubernetesObject> ObjectsOf(string directory, string? @namespace, bool isRecursive)
    {
        var objects = ManifestDirectory.Read(directory, @namespace, isRecursive).Manifests.Select(manifest => new ClusterObject(manifest.Object, manifest.Place)).ToList();
        return [.. objects.Concat(Charts.Monitoring.OperatedSets.Of(objects)).Select(one => one.Object)];
    }

    /// <summary>Keeps an object of the context, or replaces it.</summary>
    public void Put(JsonElement value)
    {
        var subject = Of(value);
        _context[(subject.Kind, subject.Namespace, subject.Name)] = subject;
    }

    public void Remove(string kind, string? @namespace, string name) => _context.Remove((kind, @namespace ?? ClusterObject.DefaultNamespace, name));

    /// <summary>Reads workloads, and all budgets, quotas and storage of the context.</summary>
    public ClusterModel Read(params IReadOnlyCollection<JsonElement> workloads)
    {
        var draft = new ModelDraft();
        new ObjectModel(draft, new ServingRule(cluster.Serving), SettingNames.None).Add([.. _context.Values, .. workloads.Select(Of)], cluster);
        return draft.Onto(cluster);
    }

    private static ClusterObject Of(JsonElement value)
    {
        var content = ((Engine.Values.PropertyValue.Map)JsonValues.Of(value)).Entries;
        return new ClusterObject(
            new KubernetesObject(
                content.At("apiVersion").Text() ?? "", content.At("kind").Text() ?? "", content.At("metadata", "namespace").Text(), content.At("metadata", "name").Text() ?? "", content,
                HasWithheldSecrets: false),
            Source);
    }
}
