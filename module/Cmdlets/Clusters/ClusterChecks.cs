using System.Globalization;

namespace HaCluster.Cmdlets.Clusters;

/// <summary>The checks of <c>Test-HaCluster</c>, from one look at the cluster and the proof of it.</summary>
internal static class ClusterChecks
{
    public static ClusterTest Of(ClusterStatus status, ClusterProof? proof, string proofFailure, DateTimeOffset now)
    {
        List<ClusterCheck> checks =
        [
            Part("zones", status.Zones, zone => zone.Health, zone => $"{zone.Name}: {zone.Note}", $"{status.Zones.Count} zones", status),
            new("nodes", status.Nodes.Ready == status.Nodes.Total ? Health.Healthy : Health.Degraded, $"{status.Nodes.Ready} of {status.Nodes.Total} ready, {status.Nodes.Cordoned} cordoned", []),
            new("workloads", status.BelowStrength.Select(workload => workload.Health).DefaultIfEmpty(Health.Healthy).Max(), $"{status.Workloads} workloads, {status.BelowStrength.Count} below strength",
                [.. status.BelowStrength.Select(workload => $"{workload.Namespace}/{workload.Name}: {workload.Ready} of {workload.Desired} ready; {workload.Note}")]),
            Part("quotas", status.NearlyFull, quota => quota.Health, quota => $"{quota.Namespace}: {quota.Resource} {quota.Used} of {quota.Hard} ({quota.Percent} %)", $"{status.Quotas} quotas", status),
            Part("databases", status.Databases, database => database.Health, database => $"{database.Name}: {database.Note}", $"{status.Databases.Count} databases", status),
            Part("chains", status.Chains, node => node.Health, node => $"{node.Pod}: {node.Reason} {node.Detail}", $"{status.Chains.Count(node => node.IsReady)} of {status.Chains.Count} chain nodes ready", status),
            new("alerts", status.Alerts.Count == 0 ? Health.Healthy : status.Alerts.Any(alert => alert.Severity == "critical") ? Health.Critical : Health.Degraded,
                status.Alerts.Count == 0 ? "none fires" : $"{status.Alerts.Count} fire", [.. status.Alerts.Select(alert => $"{alert.Severity} {alert.Name}: {alert.Summary}")]),
            Certificates(status, now),
            status.Backups.Count == 0
                ? new("backups", Health.Unknown, "none", ["Velero has neither a backup nor a schedule here"])
                : Part("backups", status.Backups, backup => backup.Health, backup => $"{backup.Name}: {backup.Phase} {backup.Note}", $"{status.Backups.Count} backups", status),
        ];
        // What could not be read passes no check, also where its list is empty for that reason.
        foreach (var unknown in status.Unknown)
        {
            var at = checks.FindIndex(check => check.Name == unknown.Part);
            var finding = $"{unknown.Part} could not be read: {unknown.Reason}";
            if (at < 0)
                checks.Add(new ClusterCheck(unknown.Part, Health.Unknown, "not read", [finding]));
            else
                checks[at] = checks[at] with { Health = checks[at].Health > Health.Unknown ? checks[at].Health : Health.Unknown, Findings = [finding, .. checks[at].Findings] };
        }

        checks.Add(Proof(proof, proofFailure));
        return new ClusterTest(status.Name, checks.All(check => check.Health == Health.Healthy), checks, proof);
    }

    private static ClusterCheck Part<T>(string name, IReadOnlyList<T> items, Func<T, Health> health, Func<T, string> describe, string summary, ClusterStatus status) => new(
        name, items.Select(health).DefaultIfEmpty(Health.Healthy).Max(), status.Unknown.Any(unknown => unknown.Part == name) ? "not all read" : summary,
        [.. items.Where(item => health(item) != Health.Healthy).Select(describe)]);

    /// <summary>All of them, since the days that are left are what a person looks for.</summary>
    private static ClusterCheck Certificates(ClusterStatus status, DateTimeOffset now) => new(
        "certificates", status.Certificates.Select(certificate => certificate.Health).DefaultIfEmpty(Health.Healthy).Max(), $"{status.Certificates.Count} certificates",
        [.. status.Certificates.OrderBy(certificate => certificate.EndsAt).Select(certificate =>
            $"{certificate.Namespace}/{certificate.Name}: {(certificate.EndsAt is { } end ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor((end - now).TotalDays)} days left") : "not issued")} {certificate.Note}".TrimEnd())]);

    private static ClusterCheck Proof(ClusterProof? proof, string failure) => proof switch
    {
        null => new("proof", Health.Unknown, "could not be read", [failure]),
        { Holds: true, IsComplete: true } => new("proof", Health.Healthy, $"holds, {proof.Classes.Sum(one => one.Scenarios)} scenarios tried", []),
        { Violations.Count: > 0 } => new("proof", Health.Critical, $"{proof.Violations.Count} violations", [.. proof.Violations.Select(violation => $"{violation.Subject}: {violation.Problem} ({violation.Scenario})")]),
        _ => new("proof", Health.Unknown, "incomplete", [.. proof.Unknown.Select(part => $"{part.Part}: {part.Reason}"), .. proof.NotUnderstood]),
    };
}
