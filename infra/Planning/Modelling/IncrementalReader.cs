using System.Text.Json;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>
/// Reads the declarations of a cluster as they change, one at a time: the objects that others depend on (classes, claims, limit ranges, autoscalers, services,
/// quotas) are kept, workloads are read over them. <see cref="LiveModel"/> reads a whole cluster at once, with its nodes and with its pods where they are.
/// </summary>
/// <param name="cluster">Nodes, version and built-in storage classes of the cluster.</param>
public sealed class IncrementalReader(ClusterModel cluster)
{
    private static readonly Origin Source = new Origin.File("the API server");

    private readonly Dictionary<(string Kind, string Namespace, string Name), ClusterObject> _context = [];

    /// <summary>Whether other objects are read over objects of this kind.</summary>
    public static bool IsContext(string kind) => kind is "Namespace" or "PriorityClass" or "RuntimeClass" or "StorageClass" or "PersistentVolume" or "PersistentVolumeClaim"
        or "LimitRange" or "ResourceQuota" or "PodDisruptionBudget" or "HorizontalPodAutoscaler" or "Service";

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

    private static ClusterObject Of(JsonElement value) => new(LiveObject.Of(value).Read()!, Source);
}
