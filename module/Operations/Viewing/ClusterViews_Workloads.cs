namespace HaCluster.Operations.Viewing;

/// <content>Workloads and their pods.</content>
public sealed partial class ClusterViews
{
    public async Task<View<WorkloadStatus>> ReadWorkloadsAsync(CancellationToken cancellationToken)
    {
        var sets = new[]
        {
            ("Deployment", Reading: _readings.DeploymentsAsync(cancellationToken)),
            ("StatefulSet", Reading: _readings.StatefulSetsAsync(cancellationToken)),
            ("DaemonSet", Reading: _readings.DaemonSetsAsync(cancellationToken)),
        };
        var (pods, nodes, budgets) = (_readings.PodsAsync(cancellationToken), _readings.NodesAsync(cancellationToken), _readings.BudgetsAsync(cancellationToken));
        var unknown = new List<UnknownPart>([.. (await pods).Unknowns, .. (await nodes).Unknowns, .. (await budgets).Unknowns]);
        var zoneOf = ZoneByNode((await nodes).Value ?? []);
        var podsOf = ((await pods).Value ?? []).Where(pod => !pod.IsOver).ToLookup(WorkloadKey);
        var budgetsOf = ((await budgets).Value ?? []).ToLookup(budget => budget.Metadata.Namespace, StringComparer.Ordinal);
        var rows = new List<WorkloadStatus>();
        foreach (var (kind, reading) in sets)
        {
            unknown.AddRange((await reading).Unknowns);
            foreach (var workload in (await reading).Value ?? [])
            {
                var own = podsOf[(kind, workload.Metadata.Namespace, workload.Metadata.Name)];
                rows.Add(WorkloadOf(kind, workload, [.. own], zoneOf, budgetsOf[workload.Metadata.Namespace], (await pods).Unknown is null));
            }
        }

        return new View<WorkloadStatus>(
            [.. rows.OrderBy(row => row.Namespace, StringComparer.Ordinal).ThenBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Kind, StringComparer.Ordinal)], Distinct(unknown));
    }

    private static WorkloadStatus WorkloadOf(
        string kind, WorkloadReading workload, IReadOnlyList<PodReading> pods, Dictionary<string, string> zoneOf, IEnumerable<BudgetReading> budgets, bool arePodsKnown)
    {
        var status = workload.Status ?? new WorkloadStatusReading();
        var isDaemon = kind == "DaemonSet";
        var desired = isDaemon ? status.DesiredNumberScheduled : workload.Spec?.Replicas ?? 1;
        var ready = isDaemon ? status.NumberReady : status.ReadyReplicas;
        var labels = workload.Spec?.Template?.Metadata?.Labels ?? [];
        // An empty selector of policy/v1 selects every pod of the namespace; a missing one none.
        var own = budgets.Where(budget => budget.Spec?.Selector?.Matches(labels) == true).ToList();
        var byZone = pods.Where(pod => pod.IsReady).GroupBy(pod => zoneOf.GetValueOrDefault(pod.NodeName) ?? "", StringComparer.Ordinal)
            .Where(group => group.Key.Length > 0).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var notes = new List<string>();
        if (own.Count > 1)
            notes.Add($"{own.Count} budgets cover its pods: evictions are refused ({string.Join(", ", own.Select(budget => budget.Metadata.Name))})");
        if (ready < desired)
            notes.AddRange(WhyNotReady(pods));
        if (ready < desired && pods.Count < desired && arePodsKnown)
            notes.Add($"{desired - pods.Count} pods are not created: see the events of its replica set and the quota");
        var health = ready >= desired ? Health.Healthy : ready == 0 ? Health.Critical : Health.Degraded;
        return new WorkloadStatus(
            workload.Metadata.Namespace, workload.Metadata.Name, kind, health, desired, ready, isDaemon ? status.UpdatedNumberScheduled : status.UpdatedReplicas, byZone,
            own.Count == 0 ? null : own.Min(budget => budget.Status?.DisruptionsAllowed ?? 0), own.Count == 0 ? null : own[0].Metadata.Name,
            [.. (workload.Spec?.Template?.Spec?.Containers ?? []).Select(container => container.Image ?? "")],
            pods.Sum(pod => pod.Restarts), workload.Metadata.CreationTimestamp ?? default, string.Join("; ", notes));
    }

    private static IEnumerable<string> WhyNotReady(IEnumerable<PodReading> pods) => pods
        .Where(pod => !pod.IsReady)
        .Select(pod => pod.IsEnding ? "terminating"
            : pod.NotScheduled is { } why ? $"not scheduled: {why}"
            : pod.Waiting ?? "starting or failing its readiness probe")
        .GroupBy(reason => reason)
        .OrderByDescending(group => group.Count())
        .Select(group => $"{group.Count()} {(group.Count() == 1 ? "pod" : "pods")}: {group.Key}");

    /// <summary>A ReplicaSet of a Deployment is named after it and the hash of the template: no list of ReplicaSets is needed.</summary>
    private static (string Kind, string Namespace, string Name) WorkloadKey(PodReading pod)
    {
        if (pod.OwnerKind is not { } kind)
            return ("Pod", pod.Namespace, pod.Name);
        var suffix = $"-{pod.TemplateHash}";
        return kind == "ReplicaSet" && suffix.Length > 1 && pod.OwnerName.EndsWith(suffix, StringComparison.Ordinal)
            ? ("Deployment", pod.Namespace, pod.OwnerName[..^suffix.Length])
            : (kind, pod.Namespace, pod.OwnerName);
    }
}
