using System.Collections.Immutable;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>
/// Reads Kubernetes objects, wherever they come from, into a draft: workloads, budgets, quotas, priorities, and what is unknown.
/// </summary>
internal sealed class ObjectModel(ModelDraft draft, ServingRule serving, SettingNames settings)
{
    private static readonly string[] NamespacesOfEveryCluster = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <param name="cluster">What the cluster has already; its machines are those that shares of a DaemonSet are shares of.</param>
    public void Add(IReadOnlyCollection<ClusterObject> objects, ClusterModel cluster)
    {
        var index = new ObjectIndex(objects, cluster);
        draft.PriorityClasses.AddRange(index.Priorities.All);
        draft.RuntimeClasses.AddRange(index.Runtimes.All);
        draft.Storage = index.Storage;
        draft.Namespaces.AddRange(NamespacesOfEveryCluster.Concat(objects.Where(one => one.Kind == "Namespace").Select(one => one.Name)));
        draft.ContainerDefaults.AddRange(index.Defaults());
        var reader = new WorkloadReader(index, cluster.NodesAtRest().Count());
        foreach (var subject in objects)
        {
            if (reader.Read(subject) is { } workload)
                Add(subject, workload, index);
            else
                AddOther(subject);
        }

        foreach (var twice in cluster.Workloads.Concat(draft.Workloads).GroupBy(workload => (workload.Id, workload.Kind)).Where(group => group.Count() > 1))
            draft.AddUnknown($"{twice.Key.Kind} {twice.Key.Id}", $"it is declared by {string.Join(" and by ", twice.Select(one => one.Source))}; both are counted, delete one");
    }

    private void Add(ClusterObject subject, Workload workload, ObjectIndex index)
    {
        if (workload.Pods.PriorityClass is { } name && index.Priorities.Find(name) is null)
            draft.AddUnknown($"{subject}", $"its priority class {name} is declared nowhere, and Kubernetes refuses such pods; declare it or correct priorityClassName");
        if (!workload.Pods.ResourceClaims.IsEmpty)
            draft.AddUnknown($"{subject}", ResourceClaims.WhyUnknown(workload.Pods.ResourceClaims));
        if (workload.Kind == WorkloadKind.Job)
            draft.Assume(WorkloadReader.JobsRun);
        ReportUnknownDrivers(workload, index);
        draft.Assume(StartEstimate.Assumption);
        draft.Workloads.Add(serving.Apply(workload with { ReplicasSetting = settings.OfReplicas(workload) }, PodImages.Of(subject)));
    }

    /// <summary>A volume that exists says itself where it can be used; one that is yet to be made does not.</summary>
    private void ReportUnknownDrivers(Workload workload, ObjectIndex index)
    {
        foreach (var claim in workload.Pods.Volumes)
        {
            if (claim.Class is { Driver: { IsKnown: false } driver } one
                && (claim.Owner != ClaimOwner.Other || index.Of(workload.Namespace).Claims.GetValueOrDefault(claim.Name)?.Volume is null))
            {
                draft.AddUnknown(
                    $"storage class {one.Name}",
                    $"its provisioner {driver.Name} is not known here: its access modes, and where its volumes can be reached, are assumptions ({driver.Reach})");
            }
        }
    }

    private void AddOther(ClusterObject subject)
    {
        switch (subject.Kind)
        {
            case "CSIDriver" when subject.Spec.At("storageCapacity").IsTrue():
                draft.AddUnknown($"{subject}", "kube-scheduler asks how much room the driver has left (CSIStorageCapacity); here there is always enough");
                break;
            case "PodDisruptionBudget":
                draft.Budgets.Add(new DisruptionBudget(
                    subject.Namespace,
                    subject.Name,
                    SelectorReader.Selector(subject.Spec.At("selector")),
                    PodAmount.Of(subject.Spec.At("minAvailable")),
                    PodAmount.Of(subject.Spec.At("maxUnavailable")),
                    subject.Spec.At("unhealthyPodEvictionPolicy").Text() == "AlwaysAllow")
                {
                    Status = subject.At("status", "disruptionsAllowed").Integer() is { } allowed
                        ? new BudgetStatus(allowed, [.. subject.At("status", "disruptedPods").Entries().Select(entry => entry.Key)])
                        : null,
                });
                break;
            case "ResourceQuota":
                AddQuota(subject);
                break;
            default:
                if (PodlessKinds.WhyUnknown(subject.Object) is { } reason)
                    draft.AddUnknown($"{subject}", reason);
                break;
        }
    }

    private void AddQuota(ClusterObject subject)
    {
        if (!subject.Spec.At("scopes").Items().IsEmpty || subject.Spec.At("scopeSelector") is not null)
        {
            // It binds some pods only: those of a priority class, mostly. Counting it for all would invent shortages.
            draft.AddUnknown($"{subject}", "quotas with scopes are not modelled; it is left out");
            return;
        }

        var hard = subject.Spec.At("hard").Entries()
            .Select(entry => (entry.Key, Amount: ContainerDefaults.Amount(entry.Value)))
            .Where(entry => entry.Amount is not null)
            .ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Amount!.Value, StringComparer.Ordinal);
        draft.Quotas.Add(new NamespaceQuota(subject.Namespace, subject.Name, hard, settings.OfQuota(subject.Namespace)));
    }
}
