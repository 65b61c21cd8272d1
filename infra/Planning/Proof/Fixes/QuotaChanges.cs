using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>Quotas with room for the pods of an update, and a quota where there is none.</summary>
internal static class QuotaChanges
{
    private const decimal Mebi = 1L << 20;
    private const decimal Gibi = 1L << 30;

    /// <summary>Raises every limit that one more pod of the workload uses, by its usage.</summary>
    public static IEnumerable<Candidate> MoreRoom(ClusterModel model, Violation violation)
    {
        if (violation.Scenario is not Scenario.WorkloadUpdated { Workload: var workload })
            yield break;
        foreach (var quota in model.Quotas.Where(quota => Subject.Of(quota) == violation.Subject))
        {
            var surge = QuotaUse.Of([.. Enumerable.Repeat(workload.Pods, Math.Max(1, workload.MaxSurge))]);
            var raised = quota.Hard.ToImmutableSortedDictionary(
                limit => limit.Key, limit => surge.GetValueOrDefault(limit.Key) is > 0 and var more ? Written(limit.Key, limit.Value + more).Value : limit.Value, StringComparer.Ordinal);
            var changed = quota.Hard.Keys.Where(name => raised[name] > quota.Hard[name]).ToList();
            var larger = model with { Quotas = model.Quotas.Replace(quota, quota with { Hard = raised }) };
            var setting = changed.TrueForAll(name => QuotaSettings.KeyOf(name) is not null) ? quota.Setting : null;
            var edits = changed.Select(name => new FixEdit(
                setting is null ? ["spec", "hard", name] : [.. setting.Split('.'), QuotaSettings.KeyOf(name)!], Written(name, quota.Hard[name]).Text, Written(name, raised[name]).Text));
            yield return setting is null
                ? Candidate.Manifest(larger, violation.Subject.ToString(), Snippet.Quota(quota.Namespace, changed.Select(name => KeyValuePair.Create(name, Written(name, raised[name]).Text))), [.. edits])
                : Candidate.Setting(larger, [.. edits]);
        }
    }

    /// <summary>A namespace that the settings declare has a quota; those of Kubernetes and of sites cannot be declared there.</summary>
    public static IEnumerable<Candidate> NewQuota(ClusterModel model, Subject subject)
    {
        var workloads = model.Workloads.Where(workload => workload.Namespace == subject.Name);
        var use = QuotaUse.Of([.. workloads.SelectMany(workload => Enumerable.Repeat(workload.Pods, workload.Replicas + workload.MaxSurge))]);
        var bounded = model with { Quotas = model.Quotas.Add(new NamespaceQuota(subject.Name, "quota", use)) };
        if (QuotaSettings.IsOfUser(subject.Name))
            yield return Candidate.Setting(bounded, new FixEdit(["namespaces", subject.Name], "", "{}"));
        var hard = use.Where(limit => limit.Key.Contains('.', StringComparison.Ordinal) || limit.Key == "pods").Select(limit => KeyValuePair.Create(limit.Key, Written(limit.Key, limit.Value).Text));
        yield return Candidate.Manifest(bounded, $"ResourceQuota {subject.Name}/quota", Snippet.Quota(subject.Name, hard), Candidate.Edit("spec.hard", "", "a limit of each resource"));
    }

    /// <summary>The amount in the format of settings and quotas, rounded up.</summary>
    private static (string Text, decimal Value) Written(string name, decimal amount)
    {
        if (!name.EndsWith("memory", StringComparison.Ordinal) && !name.EndsWith("storage", StringComparison.Ordinal))
        {
            var milli = Math.Ceiling(amount * 1000);
            return (milli % 1000 == 0 ? Number(milli / 1000) : $"{Number(milli)}m", milli / 1000);
        }

        var mebi = Math.Ceiling(amount / Mebi);
        return (mebi * Mebi % Gibi == 0 ? $"{Number(mebi * Mebi / Gibi)}Gi" : $"{Number(mebi)}Mi", mebi * Mebi);
    }

    private static string Number(decimal value) => value.ToString("0", CultureInfo.InvariantCulture);
}
