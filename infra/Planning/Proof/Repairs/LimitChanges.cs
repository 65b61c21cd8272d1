using System.Collections.Immutable;
using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Repairs;

/// <summary>Quotas with room for an update, quotas and limits where there are none.</summary>
internal static class LimitChanges
{
    public static IEnumerable<Candidate> Of(ClusterModel model, Violation violation)
    {
        foreach (var quota in model.Quotas.Where(quota => violation.Subject == $"quota {quota.Namespace}"))
        {
            if (violation.Scenario is Scenario.WorkloadUpdated updated)
                yield return Raise(model, quota, updated.Workload);
        }

        foreach (var workload in model.Workloads.Where(workload => workload.Id == violation.Subject))
        {
            var limited = workload with { Pods = workload.Pods with { LimitsMemory = true, LimitsEphemeral = true } };
            yield return new Candidate(
                new Repair($"limits of {workload.Id}", "none", "memory and ephemeral-storage for every container", IsVerified: false), model.With(workload, limited));
        }

        if (violation.Subject.StartsWith("namespace ", StringComparison.Ordinal))
        {
            var name = violation.Subject["namespace ".Length..];
            var use = QuotaUse.Of([.. model.Workloads.Where(workload => workload.Namespace == name).SelectMany(workload => Enumerable.Repeat(workload.Pods, workload.Replicas + workload.MaxSurge))]);
            yield return new Candidate(
                new Repair($"namespaces.{name}.quota", "none", $"one that bounds cpu, memory and ephemeral storage, such as {UpdateRoom.Show("limits.memory", use["limits.memory"])} of memory", IsVerified: false),
                model with { Quotas = model.Quotas.Add(new NamespaceQuota(name, "quota", use)) });
        }
    }

    /// <summary>By one pod of the workload that had no room.</summary>
    private static Candidate Raise(ClusterModel model, NamespaceQuota quota, Workload workload)
    {
        var surge = QuotaUse.Of([workload.Pods]);
        var raised = quota.Hard.ToImmutableSortedDictionary(limit => limit.Key, limit => limit.Value + surge.GetValueOrDefault(limit.Key), StringComparer.Ordinal);
        var changed = quota.Hard.Keys.Where(name => surge.GetValueOrDefault(name) > 0).ToList();
        return new Candidate(
            new Repair(
                quota.Setting ?? $"ResourceQuota {quota.Namespace}/{quota.Name}",
                string.Join(", ", changed.Select(name => $"{name} {UpdateRoom.Show(name, quota.Hard[name])}")),
                string.Join(", ", changed.Select(name => UpdateRoom.Show(name, raised[name]))), IsVerified: false),
            model with { Quotas = model.Quotas.Replace(quota, quota with { Hard = raised }) });
    }
}
