using System.Globalization;
using System.Text.Json.Nodes;
using Cronos;
using HaCluster.Operations.Aws;

namespace HaCluster.Operations.Viewing;

/// <content>Databases, chains, certificates and backups.</content>
public sealed partial class ClusterViews
{
    private static readonly TimeSpan CertificateMargin = TimeSpan.FromDays(7);
    private const int SentinelsAtOnce = 8;

    /// <summary>A backup may take hours.</summary>
    private static readonly TimeSpan OverdueMargin = TimeSpan.FromHours(6);

    public async Task<View<DatabaseStatus>> ReadDatabasesAsync(CancellationToken cancellationToken)
    {
        var databases = await _readings.DatabasesAsync(cancellationToken);
        return new View<DatabaseStatus>([.. (databases.Value ?? []).OrderBy(one => one.Identifier, StringComparer.Ordinal).Select(DatabaseOf)], [.. databases.Unknowns]);
    }

    public async Task<View<ChainStatus>> ReadChainsAsync(CancellationToken cancellationToken)
    {
        var (pods, nodes) = (await _readings.PodsAsync(cancellationToken), await _readings.NodesAsync(cancellationToken));
        var zoneOf = ZoneByNode(nodes.Value ?? []);
        var chains = (pods.Value ?? []).Where(pod => pod.Chain is not null && !pod.IsOver).ToList();
        using var room = new SemaphoreSlim(SentinelsAtOnce);
        var rows = await Task.WhenAll(chains.Select(async pod =>
        {
            await room.WaitAsync(cancellationToken);
            try
            {
                return await ChainOfAsync(pod, zoneOf.GetValueOrDefault(pod.NodeName) ?? "", cancellationToken);
            }
            finally
            {
                room.Release();
            }
        }));
        return new View<ChainStatus>(
            [.. rows.OrderBy(row => row.Chain, StringComparer.Ordinal).ThenBy(row => row.Pod, StringComparer.Ordinal)], [.. pods.Unknowns.Select(one => one with { Part = "chains" })]);
    }

    public async Task<View<CertificateStatus>> ReadCertificatesAsync(CancellationToken cancellationToken)
    {
        var certificates = await _readings.CertificatesAsync(cancellationToken);
        return new View<CertificateStatus>([.. (certificates.Value ?? []).Select(CertificateOf).OrderBy(one => one.EndsAt ?? DateTimeOffset.MinValue)], [.. certificates.Unknowns]);
    }

    public async Task<View<BackupStatus>> ReadBackupsAsync(CancellationToken cancellationToken)
    {
        var (backups, schedules) = (await _readings.BackupsAsync(cancellationToken), await _readings.SchedulesAsync(cancellationToken));
        var made = (backups.Value ?? []).Select(BackupOf).OrderByDescending(one => one.StartedAt ?? DateTimeOffset.MaxValue).ToList();
        var missing = (schedules.Value ?? []).Select(schedule => WhyNone(schedule, made) is { } why ? Missing(schedule, why) : null).OfType<BackupStatus>();
        return new View<BackupStatus>([.. missing, .. made], [.. backups.Unknowns, .. schedules.Unknowns]);
    }

    /// <returns>Why a schedule protects nothing, or no more; null when it does.</returns>
    private string? WhyNone(JsonObject schedule, List<BackupStatus> made)
    {
        // https://velero.io/docs/main/api-types/schedule/
        if (schedule["spec"]?["paused"] is JsonValue paused && paused.TryGetValue<bool>(out var isPaused) && isPaused)
            return "the schedule is paused";
        if (Text(schedule["status"]?["phase"]) == "FailedValidation")
            return $"Velero refuses the schedule: {string.Join("; ", Items(schedule["status"]?["validationErrors"]).Select(Text))}";
        var last = made.Where(one => one.Schedule == Text(schedule["metadata"]?["name"]) && one.Phase == "Completed").Max(one => one.StartedAt);
        if (last is null)
            return "no backup of this schedule has completed";
        return NextAfter(Text(schedule["spec"]?["schedule"]), last.Value) is { } due && due + OverdueMargin < session.Time.GetUtcNow()
            ? $"the last complete backup is of {last:u}, and the next was due at {due:u}" : null;
    }

    /// <returns>Null for what is not a cron expression that can be read here, such as one with a time zone.</returns>
    private static DateTimeOffset? NextAfter(string cron, DateTimeOffset last) =>
        CronExpression.TryParse(cron, out var expression) ? expression.GetNextOccurrence(last, TimeZoneInfo.Utc) : null;

    private static BackupStatus Missing(JsonObject schedule, string why)
    {
        var (name, template) = (Text(schedule["metadata"]?["name"]), schedule["spec"]?["template"]);
        return new BackupStatus(
            Text(schedule["metadata"]?["namespace"]), name, name, "Missing", Health.Degraded, null, null, null, 0, 0, [.. Items(template?["includedNamespaces"]).Select(Text)],
            why);
    }

    private static DatabaseStatus DatabaseOf(DatabaseCluster database)
    {
        var notes = new List<string>();
        if (database.Writer is null)
            notes.Add("no writer");
        if (database.Status != "available")
            notes.Add(database.Status);
        notes.AddRange(database.Members.Where(member => member.Status is not ("available" or "")).Select(member => $"{member.Identifier} is {member.Status}"));
        if (database.Members.Length < 2)
            notes.Add("no reader to fail over to");
        else if (database.Members.Select(member => member.Zone).Where(zone => zone.Length > 0).Distinct().Count() < 2)
            notes.Add("all instances are in one zone");
        var health = database.Writer is null || database.Status is "stopped" or "stopping" or "inaccessible-encryption-credentials" ? Health.Critical : notes.Count > 0 ? Health.Degraded : Health.Healthy;
        return new DatabaseStatus(
            database.Identifier, $"{database.Engine} {database.Version}", database.Status, health, database.Writer?.Identifier, database.Writer?.Zone,
            [
                .. database.Members.OrderByDescending(member => member.IsWriter).ThenBy(member => member.PromotionTier)
                    .Select(member => new DatabaseInstanceStatus(member.Identifier, member.Zone, member.InstanceClass, member.IsWriter, member.Status, member.PromotionTier)),
            ],
            database.Endpoint, string.Join("; ", notes));
    }

    private async Task<ChainStatus> ChainOfAsync(PodReading pod, string zone, CancellationToken cancellationToken)
    {
        var (@namespace, name, chain) = (pod.Namespace, pod.Name, pod.Chain!);
        Monitoring.SentinelAnswer? answer = null;
        var why = pod.NodeName.Length == 0 ? "the pod is not scheduled" : "the sentinel does not answer";
        try
        {
            if (pod.NodeName.Length > 0)
                answer = await session.Monitoring.Sentinels.FindAsync(@namespace, name, cancellationToken);
        }
        catch (HaClusterException exception)
        {
            // Without the permission for the proxy nothing is known of the node but what its pod says.
            why = exception.Message;
        }

        if (answer is null)
        {
            return new ChainStatus(
                @namespace, name, zone, chain, "", "", pod.IsReady ? Health.Unknown : Health.Degraded, pod.IsReady, "unanswered", why, null, null, null, null, null);
        }

        var lag = answer is { ReferenceHeight: { } reference, Head.Height: var height } ? Math.Max(0, reference - height) : (long?)null;
        var age = answer is { Head.Time: var time, ObservedAt: { } observed } && time != default ? observed - time : (TimeSpan?)null;
        var health = answer.Reason == "ok" ? Health.Healthy : Health.Degraded;
        return new ChainStatus(
            @namespace, name, zone, answer.Chain, answer.Network, answer.Client, health, answer.IsReady, answer.Reason, answer.Detail, answer.Head?.Height, lag, age, answer.Peers, answer.ObservedAt);
    }

    private CertificateStatus CertificateOf(JsonObject json)
    {
        var ready = Items(json["status"]?["conditions"]).FirstOrDefault(one => Text(one?["type"]) == "Ready");
        var isReady = Text(ready?["status"]) == "True";
        var (ends, renews) = (Time(json["status"]?["notAfter"]), Time(json["status"]?["renewalTime"]));
        var now = session.Time.GetUtcNow();
        var health = ends is { } end && end <= now ? Health.Critical : !isReady || (ends is { } soon && soon - now < CertificateMargin) ? Health.Degraded : Health.Healthy;
        var note = ends <= now ? "it has ended" : !isReady ? Text(ready?["message"]) is { Length: > 0 } message ? message : "not ready" : health == Health.Degraded ? $"it ends at {ends:u} and was not renewed" : "";
        return new CertificateStatus(
            Text(json["metadata"]?["namespace"]), Text(json["metadata"]?["name"]), [.. Items(json["spec"]?["dnsNames"]).Select(Text)], health, isReady, ends, renews, note);
    }

    /// <summary>Phases: https://velero.io/docs/main/api-types/backup/.</summary>
    private static BackupStatus BackupOf(JsonObject json)
    {
        var status = json["status"];
        var phase = Text(status?["phase"]) is { Length: > 0 } said ? said : "New";
        var health = phase switch
        {
            "Completed" or "New" or "InProgress" or "WaitingForPluginOperations" or "Finalizing" or "Queued" or "ReadyToStart" => Health.Healthy,
            "PartiallyFailed" or "WaitingForPluginOperationsPartiallyFailed" or "FinalizingPartiallyFailed" => Health.Degraded,
            "Deleting" => Health.Healthy,
            _ => Health.Critical,
        };
        return new BackupStatus(
            Text(json["metadata"]?["namespace"]), Text(json["metadata"]?["name"]), Text(json["metadata"]?["labels"]?["velero.io/schedule-name"]), phase, health,
            Time(status?["startTimestamp"]), Time(status?["completionTimestamp"]), Time(status?["expiration"]), Number(status?["errors"]), Number(status?["warnings"]),
            [.. Items(json["spec"]?["includedNamespaces"]).Select(Text)],
            Text(status?["failureReason"]) is { Length: > 0 } reason ? reason : string.Join("; ", Items(status?["validationErrors"]).Select(Text)));
    }

    private static IEnumerable<JsonNode?> Items(JsonNode? node) => node as JsonArray ?? [];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static int Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;

    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
