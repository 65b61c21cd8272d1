namespace HaCluster.Operations.Viewing;

/// <content>The one screen, and alerts.</content>
public sealed partial class ClusterViews
{
    private const decimal NearlyFull = 80;

    public async Task<View<AlertStatus>> ReadAlertsAsync(CancellationToken cancellationToken)
    {
        var (alerts, evaluated) = (_readings.AlertsAsync(cancellationToken), _readings.EvaluatedAlertsAsync(cancellationToken));
        // Without Alertmanager, what Prometheus evaluates is the next best; what is silenced is unknown then.
        var firing = (await alerts).Value ?? (await evaluated).Value?.Where(alert => alert.State == "firing") ?? [];
        var pending = (await evaluated).Value?.Where(alert => alert.State == "pending") ?? [];
        return new View<AlertStatus>(
            [.. firing.Concat(pending).OrderBy(alert => SeverityRank(alert.Severity)).ThenBy(alert => alert.State, StringComparer.Ordinal).ThenBy(alert => alert.Name, StringComparer.Ordinal)],
            [.. (await alerts).Unknowns, .. (await evaluated).Unknowns]);
    }

    public async Task<View<AlertSilence>> ReadSilencesAsync(CancellationToken cancellationToken)
    {
        var silences = await _readings.SilencesAsync(cancellationToken);
        return new View<AlertSilence>([.. (silences.Value ?? []).OrderBy(one => one.EndsAt)], [.. silences.Unknowns]);
    }

    public async Task<ClusterStatus> ReadClusterAsync(CancellationToken cancellationToken)
    {
        var readAt = session.Time.GetUtcNow();
        var zones = ReadZonesAsync(cancellationToken);
        var nodes = ReadNodesAsync(cancellationToken);
        var pools = ReadNodePoolsAsync(cancellationToken);
        var workloads = ReadWorkloadsAsync(cancellationToken);
        var quotas = ReadQuotasAsync(cancellationToken);
        var databases = ReadDatabasesAsync(cancellationToken);
        var chains = ReadChainsAsync(cancellationToken);
        var alerts = ReadAlertsAsync(cancellationToken);
        var certificates = ReadCertificatesAsync(cancellationToken);
        var backups = ReadBackupsAsync(cancellationToken);
        var shifts = ReadZoneShiftsAsync(cancellationToken);
        var pods = (await _readings.PodsAsync(cancellationToken)).Value ?? [];
        await Task.WhenAll(zones, nodes, pools, workloads, quotas, databases, chains, alerts, certificates, backups, shifts);
        var firing = alerts.Result.Items.Where(alert => alert.State == "firing" && alert.Severity is "critical" or "warning" && alert.Name != "Watchdog").ToList();
        var status = new ClusterStatus(session.ClusterName, Health.Healthy, session.Info.KubernetesVersion, session.Info.Region, readAt)
        {
            Zones = zones.Result.Items,
            Nodes = new NodeCounts(nodes.Result.Items.Count, nodes.Result.Items.Count(node => node.IsReady), nodes.Result.Items.Count(node => node.IsCordoned)),
            Pods = new PodCounts(
                pods.Count(pod => pod.Phase != "Succeeded"), pods.Count(pod => pod.IsReady), pods.Count(pod => pod.Phase == "Pending"), pods.Count(pod => pod.Phase == "Failed")),
            NodePools = pools.Result.Items,
            Workloads = workloads.Result.Items.Count,
            BelowStrength = [.. workloads.Result.Items.Where(one => one.IsBelowStrength).OrderByDescending(one => one.Health)],
            Quotas = quotas.Result.Items.Select(one => (one.Namespace, one.Name)).Distinct().Count(),
            NearlyFull = [.. quotas.Result.Items.Where(one => one.Percent >= NearlyFull).OrderByDescending(one => one.Percent)],
            Databases = databases.Result.Items,
            Chains = chains.Result.Items,
            Alerts = firing,
            Certificates = certificates.Result.Items,
            // The newest of each schedule, and what is wrong.
            Backups = [.. backups.Result.Items.GroupBy(one => one.Schedule).SelectMany(group => group.Key.Length == 0 ? group.Where(one => one.Health != Health.Healthy) : group.Take(1))],
            ZoneShifts = [.. shifts.Result.Items.Where(one => one.IsActive)],
            Unknown = Distinct(
            [
                .. zones.Result.Unknown, .. nodes.Result.Unknown, .. pools.Result.Unknown, .. workloads.Result.Unknown, .. quotas.Result.Unknown, .. databases.Result.Unknown,
                .. chains.Result.Unknown, .. alerts.Result.Unknown, .. certificates.Result.Unknown, .. backups.Result.Unknown, .. shifts.Result.Unknown,
            ]),
        };
        var findings = Findings(status).OrderByDescending(one => one.Health).ToList();
        return status with
        {
            Findings = [.. findings.Select(one => one.Text)],
            Health = findings.Select(one => one.Health).Append(status.Unknown.Count > 0 ? Health.Unknown : Health.Healthy).Max(),
        };
    }

    private static IEnumerable<(Health Health, string Text)> Findings(ClusterStatus status)
    {
        foreach (var zone in status.Zones.Where(zone => zone.Health is Health.Degraded or Health.Critical))
            yield return (zone.Health, $"zone {zone.Name}: {zone.Note}");
        foreach (var workload in status.BelowStrength)
        {
            yield return (
                workload.Health, $"{workload.Kind} {workload.Namespace}/{workload.Name}: {workload.Ready} of {workload.Desired} ready{(workload.Note.Length > 0 ? $" ({workload.Note})" : "")}");
        }

        foreach (var database in status.Databases.Where(one => one.Health is Health.Degraded or Health.Critical))
            yield return (database.Health, $"database {database.Name}: {database.Note}");
        foreach (var chain in status.Chains.GroupBy(one => one.Chain))
        {
            if (chain.All(node => !node.IsReady))
                yield return (Health.Critical, $"chain {chain.Key}: none of {chain.Count()} nodes is ready");
            foreach (var node in chain.Where(one => one.Health != Health.Healthy))
                yield return (node.Health, $"chain node {node.Namespace}/{node.Pod}: {node.Reason}{(node.Detail.Length > 0 ? $", {node.Detail}" : "")}");
        }

        foreach (var pool in status.NodePools.Where(one => one.Health is Health.Degraded or Health.Critical))
            yield return (Health.Degraded, $"node pool {pool.Name}: {pool.ReadyNodes} of {pool.Desired} nodes ready, {pool.Status}{(pool.Issues.Count > 0 ? $", {string.Join(", ", pool.Issues)}" : "")}");
        foreach (var quota in status.NearlyFull.Where(one => one.Health != Health.Healthy))
            yield return (Health.Degraded, $"quota {quota.Namespace}/{quota.Name}: {quota.Resource} {quota.Used} of {quota.Hard}");
        foreach (var alert in status.Alerts)
            yield return (alert.Severity == "critical" ? Health.Critical : Health.Degraded, $"alert {alert.Name} ({alert.Severity}): {alert.Summary}");
        foreach (var certificate in status.Certificates.Where(one => one.Health != Health.Healthy))
            yield return (certificate.Health, $"certificate {certificate.Namespace}/{certificate.Name}: {certificate.Note}");
        foreach (var backup in status.Backups.Where(one => one.Health != Health.Healthy))
            yield return (Health.Degraded, $"backup {backup.Name}: {backup.Phase}{(backup.Note.Length > 0 ? $", {backup.Note}" : "")}");
        foreach (var parts in status.Unknown.GroupBy(part => part.Cause))
            yield return (Health.Unknown, $"{string.Join(", ", parts.Select(part => part.Part))} not known: {parts.Key}");
    }

    private static int SeverityRank(string severity) => severity switch
    {
        "critical" => 0,
        "warning" => 1,
        "info" => 2,
        _ => 3,
    };
}
