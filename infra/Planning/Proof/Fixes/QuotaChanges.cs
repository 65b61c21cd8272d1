using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>Quotas with room for the pods of an update, and a quota where there is none.</summary>
internal static class QuotaChanges
{
    private const decimal Mebi = 1L << 20;
    private const decimal Gibi = 1L << 30;

    /// <summary>The settings of a namespace by quota resource names; two names share one setting.</summary>
    private static readonly ImmutableDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["pods"] = "pods",
        ["requests.cpu"] = "cpu",
        ["limits.cpu"] = "cpuLimit",
        ["requests.memory"] = "memory",
        ["limits.memory"] = "memory",
        ["requests.ephemeral-storage"] = "ephemeralStorage",
        ["limits.ephemeral-storage"] = "ephemeralStorage",
    }.ToImmutableDictionary(StringComparer.Ordinal);

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
            var edits = quota.Setting is { } setting && changed.TrueForAll(Settings.ContainsKey)
                ? changed.GroupBy(name => Settings[name]).Select(same => same.MaxBy(name => raised[name])!).Select(name => EditOf($"{setting}.{Settings[name]}", name))
                : changed.Select(name => new FixEdit(["spec", "hard", name], Written(name, quota.Hard[name]).Text, Written(name, raised[name]).Text));
            yield return quota.Setting is null
                ? Candidate.Manifest(larger, violation.Subject.ToString(), Snippet.Quota(quota.Namespace, changed.Select(name => KeyValuePair.Create(name, Written(name, raised[name]).Text))), [.. edits])
                : Candidate.Setting(larger, [.. edits]);

            FixEdit EditOf(string key, string name) => Candidate.Edit(key, Written(name, quota.Hard[name]).Text, Written(name, raised[name]).Text);
        }
    }

    /// <summary>A namespace that the settings declare has a quota; those of Kubernetes cannot be declared there.</summary>
    public static IEnumerable<Candidate> NewQuota(ClusterModel model, Subject subject)
    {
        var workloads = model.Workloads.Where(workload => workload.Namespace == subject.Name);
        var use = QuotaUse.Of([.. workloads.SelectMany(workload => Enumerable.Repeat(workload.Pods, workload.Replicas + workload.MaxSurge))]);
        var bounded = model with { Quotas = model.Quotas.Add(new NamespaceQuota(subject.Name, "quota", use)) };
        if (subject.Name != "default" && !subject.Name.StartsWith("kube-", StringComparison.Ordinal))
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
