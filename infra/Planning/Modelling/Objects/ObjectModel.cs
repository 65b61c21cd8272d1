using System.Collections.Immutable;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Planning.Modelling.Volumes;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>
/// Reads Kubernetes objects, from any origin, into a draft: workloads, budgets, quotas, priorities, and what is unknown.
/// </summary>
internal sealed class ObjectModel(ModelDraft draft, ServingRule serving, SettingNames settings)
{
    private static readonly string[] NamespacesOfEveryCluster = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <param name="cluster">The existing cluster; percentages of a DaemonSet refer to its nodes.</param>
    public void Add(IReadOnlyCollection<ClusterObject> objects, ClusterModel cluster)
    {
        objects = Served(objects, cluster.Version);
        var index = new ObjectIndex(objects, cluster);
        draft.PriorityClasses.AddRange(index.Priorities.All);
        draft.RuntimeClasses.AddRange(index.Runtimes.All);
        draft.Storage = index.Storage;
        draft.Namespaces.AddRange(NamespacesOfEveryCluster.Concat(objects.Where(one => one.Kind == "Namespace").Select(one => one.Name)));
        draft.ContainerDefaults.AddRange(index.Defaults());
        draft.Provided.UnionWith(objects.Select(References.Provided).OfType<string>());
        var reader = new WorkloadReader(index, cluster.InitialNodes().Count());
        foreach (var subject in objects)
        {
            if (reader.Read(subject) is { } workload)
                Add(subject, workload, index);
            else
                AddOther(subject);
        }

        var quotas = cluster.Quotas.Concat(draft.Quotas).ToLookup(quota => quota.Namespace, StringComparer.Ordinal);
        for (var at = 0; at < draft.Workloads.Count; at++)
        {
            if (draft.Workloads[at] is { Refused: null, Pods.IsAdmitted: false } workload
                && quotas[workload.Namespace].Select(quota => quota.WhyRefused(workload.Pods)).FirstOrDefault(why => why is not null) is { } why)
                draft.Workloads[at] = workload with { Refused = why };
        }

        foreach (var twice in cluster.Workloads.Concat(draft.Workloads).GroupBy(workload => (workload.Id, Kind: workload.ObjectKind)).Where(group => group.Count() > 1))
            draft.AddUnknown($"{twice.Key.Kind} {twice.Key.Id}", $"it is declared by {string.Join(" and by ", twice.Select(one => one.Source))}; only the last declaration is used: delete the others");
    }

    /// <summary>An object that the API server refuses has no effect.</summary>
    private List<ClusterObject> Served(IReadOnlyCollection<ClusterObject> objects, string? version)
    {
        var served = new List<ClusterObject>(objects.Count);
        foreach (var subject in objects)
        {
            if (version is not null && ServedKinds.WhyNotServed(subject.Object, version) is { } why)
                draft.AddUnknown($"{subject}", why, hidesPods: true);
            else
                served.Add(subject);
        }

        return served;
    }

    private void Add(ClusterObject subject, Workload workload, ObjectIndex index)
    {
        if (workload.Kind == WorkloadKind.Job)
            draft.Assume(WorkloadReader.JobsRun);
        ReportUnknownDrivers(workload, index);
        draft.Assume(StartEstimate.Assumption);
        var made = serving.Apply(workload with { ReplicasSetting = settings.OfReplicas(workload) }, PodTemplates.Images(subject));
        if (!workload.Pods.IsAdmitted && Admission.WhyRefused(subject, index) is { } refused)
            made = made with { Refused = refused };
        if (Admission.WhyNotScheduled(workload.Pods) is { } reason)
        {
            draft.AddUnknown($"{subject.Object.Kind} {workload.Id}", reason);
            made = made with { NotScheduled = reason, Replicas = 0, MinServing = 0, ServingReason = "kube-scheduler does not place it" };
        }

        draft.Workloads.Add(made);
        foreach (var note in ObjectNotes.OfAmounts(subject))
            draft.AddNote($"{subject.Object.Kind} {workload.Id}", note);
        AddClaims(subject, workload);
        Count(subject);
    }

    private void AddClaims(ClusterObject subject, Workload workload)
    {
        var templates = workload.Kind == WorkloadKind.StatefulSet ? subject.Spec.At("volumeClaimTemplates").Items().Select(template => (Name: template.At("metadata", "name").Text(), Spec: template.At("spec"))) : [];
        var ephemeral = PodTemplates.SpecOf(subject).At("volumes").Items()
            .Select(volume => (Name: volume.At("name").Text(), Spec: volume.At("ephemeral", "volumeClaimTemplate", "spec")))
            .Where(volume => volume.Spec is not null);
        foreach (var (name, spec) in templates.Concat(ephemeral))
            draft.Claims.Add(VolumeReader.Declared(subject.Namespace, subject.Name, name ?? "", spec, workload.Replicas, subject.Source));
    }

    /// <summary>As quotas count objects (https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-on-object-count).</summary>
    private void Count(ClusterObject subject)
    {
        // Pods and claims are counted separately, with their usage.
        if (subject.Object.Namespace is null && subject.Source is Origin.File || subject.Kind is "Pod" or "PersistentVolumeClaim" or "Namespace")
            return;
        foreach (var name in ObjectLimits.Of(subject))
            draft.ObjectCounts.Add(new ObjectCount(subject.Namespace, name, 1));
    }

    /// <summary>An existing volume states where it can be used; a volume still to be created does not.</summary>
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
            case "PersistentVolumeClaim":
                draft.Claims.Add(VolumeReader.Declared(subject.Namespace, subject.Name, subject.Name, subject.Spec, 1, subject.Source));
                break;
            default:
                if (PodlessKinds.WhyUnknown(subject.Object) is { } reason)
                    draft.AddUnknown($"{subject}", reason, hidesPods: true);
                break;
        }

        Count(subject);
    }

    private void AddQuota(ClusterObject subject)
    {
        ImmutableArray<QuotaScope> scopes =
        [
            .. subject.Spec.At("scopes").Texts().Select(name => new QuotaScope(name, LabelOperator.Exists, [])),
            .. subject.Spec.At("scopeSelector", "matchExpressions").Items().Select(scope => new QuotaScope(
                scope.At("scopeName").Text() ?? "", SelectorReader.OperatorOf(scope), [.. scope.At("values").Texts()])),
        ];
        if (scopes.FirstOrDefault(scope => !scope.IsOfPods) is { } unknown)
        {
            draft.AddUnknown($"{subject}", $"quotas with the scope {unknown.Name} are not modelled; it is left out");
            return;
        }

        var hard = subject.Spec.At("hard").Entries()
            .Select(entry => (entry.Key, Amount: ContainerDefaults.Amount(entry.Value)))
            .Where(entry => entry.Amount is not null)
            .ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Amount!.Value, StringComparer.Ordinal);
        draft.Quotas.Add(new NamespaceQuota(subject.Namespace, subject.Name, hard, scopes.IsEmpty ? settings.OfQuota(subject.Namespace) : null) { Scopes = scopes });
    }
}
