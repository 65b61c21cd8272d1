using HaCluster.Planning.Modelling.Charts.Monitoring;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Services;
using HaCluster.Planning.Modelling.Settings;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>Adds workloads from manifests to a cluster.</summary>
public static class ManifestModel
{
    private const string ObjectsWithoutPods = "Objects of the manifests that create no pods (config maps, services, roles and the like) are not part of the model.";

    private static readonly HashSet<string> Referable = ["ConfigMap", "Secret", "ServiceAccount"];

    /// <summary>Adds the workloads, budgets, quotas, limit ranges and priorities of a directory.</summary>
    /// <param name="namespace">Of objects that carry none; null for <c>default</c>.</param>
    /// <param name="isRecursive">Whether subdirectories are read as well.</param>
    /// <exception cref="UnreadableInputException">The directory or a file in it cannot be read or understood; every error is reported with its place.</exception>
    public static ClusterModel Add(ClusterModel cluster, string directory, string? @namespace = null, bool isRecursive = false)
    {
        var read = ManifestDirectory.Read(directory, @namespace, isRecursive);
        var objects = read.Manifests.Select(manifest => new ClusterObject(manifest.Object, manifest.Place)).ToList();
        objects.AddRange(OperatedSets.Of(objects).ToList());
        var draft = new ModelDraft();
        draft.Take(read);
        draft.Assume(ObjectsWithoutPods);
        new ObjectModel(draft, new ServingRule(cluster.Serving), SettingNames.None).Add(objects, cluster);
        ReportUnknownNamespaces(cluster, objects, draft);
        draft.NoteMissing(objects, cluster, Referable);
        var entries = new EntryPointReader(draft, _ => cluster.Zones).Read(objects);
        return draft.Onto(cluster with
        {
            EntryPoints = [.. cluster.EntryPoints, .. entries],
            // Workloads with objectives that did not exist before may exist now.
            Unknown = [.. cluster.Unknown.Where(unknown => !draft.Workloads.Any(workload => DeclaredObjectives.SubjectOf(workload.Id) == unknown.Subject))],
        });
    }

    private static void ReportUnknownNamespaces(ClusterModel cluster, List<ClusterObject> objects, ModelDraft draft)
    {
        var known = cluster.Namespaces.Concat(draft.Namespaces).ToHashSet(StringComparer.Ordinal);
        foreach (var name in draft.Workloads.Select(workload => workload.Namespace).Distinct(StringComparer.Ordinal).Where(name => !known.Contains(name)))
        {
            var first = objects.First(one => one.Namespace == name);
            draft.AddUnknown(
                $"namespace {name}",
                $"the cluster has no such namespace ({first.Source}): its quota and defaults are unknown; declare it in ha-cluster:namespaces, or add it to the manifests");
        }
    }
}
