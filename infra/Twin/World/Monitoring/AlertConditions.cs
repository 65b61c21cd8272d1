using System.Globalization;
using System.Text.Json;
using HaCluster.Simulation.Running;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World.Monitoring;

/// <summary>A series for which the condition of an alert holds.</summary>
/// <param name="Value">Of the rule's expression.</param>
internal sealed record AlertSeries(string Alert, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>
/// For what in the world the conditions of alerts hold, in place of their PromQL: about nodes, zones, workloads, quotas, databases, certificates and backups.
/// Alerts about what the twin does not have (memory, disks, load balancers, chains, error budgets over days) never hold.
/// </summary>
internal sealed class AlertConditions(World world)
{
    private static readonly TimeSpan WriterChanged = TimeSpan.FromMinutes(30), BackupFailed = TimeSpan.FromHours(6), BackupOld = TimeSpan.FromHours(36);

    private readonly Dictionary<string, int> _mostReady = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Writer, TimeSpan? ChangedAt)> _writers = new(StringComparer.Ordinal);

    private ClusterRun Run => world.Run;

    /// <summary>While the world is locked.</summary>
    public IEnumerable<AlertSeries> Holding() => [.. OfNodes(), .. OfWorkloads(), .. OfQuotas(), .. OfDatabases(), .. OfCertificates(), .. OfBackups()];

    private IEnumerable<AlertSeries> OfNodes()
    {
        var nodes = Run.State.Nodes.Select(node => (node.Node.Name, node.Node.Zone, IsReady: Run.LossOf(node.Node.Name) is not { IsMarked: true })).ToList();
        foreach (var node in nodes.Where(node => !node.IsReady))
        {
            yield return Of("NodeNotReady", 1, ("node", node.Name), ("zone", node.Zone));
            yield return Of("KubeNodeNotReady", 1, ("node", node.Name));
        }

        var zones = world.Plan.Model.Zones;
        foreach (var zone in zones)
        {
            var (all, ready) = (nodes.Count(node => node.Zone == zone), nodes.Count(node => node.Zone == zone && node.IsReady));
            _mostReady[zone] = Math.Max(ready, _mostReady.GetValueOrDefault(zone));
            if (ready == 0 && _mostReady[zone] > 0)
                yield return Of("ZoneLost", _mostReady[zone], ("zone", zone));
            else if (ready > 0 && ready < all * 0.5)
                yield return Of("ZoneDegraded", (double)ready / all, ("zone", zone));
        }

        if (nodes.Where(node => node.IsReady).Select(node => node.Zone).Distinct().Count() is var left && left < zones.Length && nodes.Count > 0)
            yield return Of("ClusterInFewerZones", left);
    }

    private IEnumerable<AlertSeries> OfWorkloads()
    {
        foreach (var record in world.Records.All.Where(record => !record.IsDeleted))
        {
            var (workload, pods) = (record.Workload, Run.PodsOf(record.Workload).Where(pod => !pod.IsTerminating).ToList());
            (string, string) space = ("namespace", workload.Namespace);
            foreach (var pod in pods.Where(pod => !pod.IsReady))
            {
                if (pod.Node is null)
                    yield return Of("PodCannotBePlaced", 1, space, ("pod", pod.Pod.Name));
                if (record.Job is null)
                    yield return Of("KubePodNotReady", 1, space, ("pod", pod.Pod.Name));
            }

            if (workload.ObjectKind is "Deployment" or "StatefulSet")
            {
                if (pods.Count(pod => pod.IsAvailable) < workload.Replicas)
                    yield return Of($"Kube{workload.ObjectKind}ReplicasMismatch", 1, space, (workload.ObjectKind.ToLowerInvariant(), workload.Name));
                if (Run.RefusalOf(workload) is not null)
                    yield return Of("WorkloadCannotCreatePods", 1, space, ("workload", workload.Name));
                var placed = pods.Where(pod => pod.Node is not null).ToList();
                if (placed.Count >= 2 && placed.DistinctBy(pod => pod.Zone).Count() == 1)
                    yield return Of("WorkloadInOneZone", 1, space, ("workload", workload.Name));
            }
            else if (record.Job is { Failure: not null })
            {
                yield return Of("KubeJobFailed", 1, space, ("job_name", workload.Name));
            }
        }
    }

    private IEnumerable<AlertSeries> OfQuotas()
    {
        foreach (var (quota, used) in Run.QuotaUse)
        {
            foreach (var (resource, hard) in quota.Hard.Where(one => one.Value > 0))
            {
                var share = (double)(used.GetValueOrDefault(resource) / hard);
                if (share > 0.85)
                    yield return Of(share >= 0.98 ? "QuotaUsedUp" : "QuotaAlmostUsed", share, ("namespace", quota.Namespace), ("resourcequota", quota.Name), ("resource", resource));
            }
        }
    }

    private IEnumerable<AlertSeries> OfDatabases()
    {
        foreach (var database in world.Plan.Model.Databases)
        {
            var writer = Run.DatabaseOf(database).Writer;
            if (!_writers.TryGetValue(database.Name, out var known))
                _writers[database.Name] = known = (writer, null);
            else if (known.Writer != writer)
                _writers[database.Name] = known = (writer, Run.Now);
            if (known.ChangedAt is { } at && Run.Now - at <= WriterChanged)
                yield return Of("DatabaseWriterChanged", 1, ("dimension_DBClusterIdentifier", database.Name));
            if (database.Instances.Length < 2)
                yield return Of("DatabaseWithoutReader", 1, ("dimension_DBClusterIdentifier", database.Name));
        }
    }

    private IEnumerable<AlertSeries> OfCertificates()
    {
        foreach (var certificate in Objects("cert-manager.io/v1", "Certificate"))
        {
            var labels = new[] { ("namespace", certificate.Namespace!), ("name", certificate.Name) };
            if (Time(certificate, "notAfter") is { } ends && (ends - Now).TotalSeconds is var left && left < 604_800)
                yield return Of(left < 86_400 ? "CertificateExpiresInADay" : "CertificateExpiresInAWeek", left, labels);
            if (certificate.Find("status", "conditions") is { ValueKind: JsonValueKind.Array } conditions
                && conditions.EnumerateArray().Any(one => one.GetProperty("type").GetString() == "Ready" && one.GetProperty("status").GetString() == "False"))
                yield return Of("CertificateNotReady", 1, labels);
        }
    }

    private IEnumerable<AlertSeries> OfBackups()
    {
        foreach (var schedule in Objects("velero.io/v1", "Backup").GroupBy(backup => backup.Labels.GetValueOrDefault("velero.io/schedule-name", ""), StringComparer.Ordinal).Where(group => group.Key.Length > 0))
        {
            var newest = schedule.Where(backup => backup.Text("status", "phase") == "Completed").Select(backup => Time(backup, "completionTimestamp")).Max();
            if (newest is { } done && Age(done) is var age && age > BackupOld)
                yield return Of("BackupOld", age.TotalSeconds, ("schedule", schedule.Key));
            if (schedule.Any(backup => backup.Text("status", "phase") is "Failed" or "PartiallyFailed" or "FailedValidation" && Time(backup, "completionTimestamp") is { } ended && Age(ended) < BackupFailed))
                yield return Of("BackupFailed", 1, ("schedule", schedule.Key));
        }
    }

    private DateTimeOffset Now => world.Clock.At(Run.Now);

    /// <summary>In the time of the world.</summary>
    private TimeSpan Age(DateTimeOffset stamp) => (Now - stamp) * world.Clock.Speed;

    private IReadOnlyCollection<StoredObject> Objects(string apiVersion, string kind) => world.Store.Kinds.FindByKind(apiVersion, kind) is { } found ? world.Store.List(found).Items : [];

    private static DateTimeOffset? Time(StoredObject subject, string field) =>
        DateTimeOffset.TryParse(subject.Text("status", field), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static AlertSeries Of(string alert, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in labels)
            all.Add(name, text);
        return new AlertSeries(alert, all, value);
    }
}
