using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World.Batch;

/// <summary>
/// CronJobs: they make Jobs when the date of the world says so, which passes faster in a world that does
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/cronjob/cronjob_controllerv2.go).
/// </summary>
internal sealed class CronJobs(World world)
{
    private readonly Dictionary<(string Namespace, string Name), Plan> _plans = [];

    private ResourceKind Kind => world.Store.Kinds["cronjobs.batch"];

    private ResourceKind JobKind => world.Store.Kinds["jobs.batch"];

    private DateTimeOffset Date => world.Clock.DateOf(world.Run.Now);

    /// <summary>The clock's time at a date of the world.</summary>
    private DateTimeOffset At(DateTimeOffset date) => world.Clock.At(world.Clock.TimeOf(date));

    /// <summary>One that existed before the world began has run as it was due.</summary>
    public void Begin(StoredObject cron)
    {
        if (TimesOf(cron) is { } times && !IsSuspended(cron) && times.LastBefore(Date) is { } last)
        {
            var (due, ended) = (PodObjects.Stamp(At(last)), PodObjects.Stamp(At(last + Jobs.RunTime)));
            Change(cron, value => value["status"] = Json.Map(("lastScheduleTime", due), ("lastSuccessfulTime", ended)));
        }

        Absorb(cron, cron.Namespace!, cron.Name);
    }

    /// <summary>A client created, changed or deleted it.</summary>
    public void Absorb(StoredObject? cron, string @namespace, string name)
    {
        if (cron is null or { IsDeleting: true })
        {
            _plans.Remove((@namespace, name));
            return;
        }

        var timing = $"{cron.Text("spec", "schedule")}|{cron.Text("spec", "timeZone")}|{IsSuspended(cron)}|{cron.Uid}";
        if (_plans.TryGetValue((@namespace, name), out var known) && known.Timing == timing)
            return;
        var plan = new Plan(timing, IsSuspended(cron) ? null : TimesOf(cron));
        _plans[(@namespace, name)] = plan;
        Await((@namespace, name), plan);
    }

    /// <summary>A Job has ended: its CronJob says so, and keeps the last ones only.</summary>
    public void Ended(StoredObject job)
    {
        if (job.Owners.FirstOrDefault(owner => owner is { IsController: true, Kind: "CronJob" }) is not { } owner
            || world.Store.Find(Kind, job.Namespace, owner.Name) is not { } cron || cron.Uid != owner.Uid)
            return;
        var jobs = JobsOf(cron);
        if (jobs.FirstOrDefault(one => one.Uid == job.Uid) is { } ended && Condition(ended, "Complete"))
            Change(cron, value => value.Member("status")["lastSuccessfulTime"] = ended.Text("status", "completionTime"));
        Trim(jobs.Where(one => Condition(one, "Complete")), cron.Number("spec", "successfulJobsHistoryLimit") ?? 3);
        Trim(jobs.Where(one => Condition(one, "Failed")), cron.Number("spec", "failedJobsHistoryLimit") ?? 1);
        ShowActive(cron);
    }

    private void Await((string Namespace, string Name) key, Plan plan)
    {
        if (plan.Times?.After(Date) is { } due)
            world.Remind(world.Clock.TimeOf(due), _ => Fire(key, plan, due));
    }

    private void Fire((string Namespace, string Name) key, Plan plan, DateTimeOffset due)
    {
        // It was changed or deleted meanwhile.
        if (_plans.GetValueOrDefault(key) != plan || world.Store.Find(Kind, key.Namespace, key.Name) is not { } cron)
            return;
        Await(key, plan);
        var active = JobsOf(cron).Where(job => !Condition(job, "Complete") && !Condition(job, "Failed")).ToList();
        switch (cron.Text("spec", "concurrencyPolicy"))
        {
            case "Forbid" when active.Count > 0:
                return;
            case "Replace":
                foreach (var job in active)
                    world.Store.Delete(job.Kind, job.Namespace, job.Name);
                break;
        }

        Make(cron, due);
        Change(cron, value => value.Member("status")["lastScheduleTime"] = PodObjects.Stamp(At(due)));
        ShowActive(cron);
    }

    private void Make(StoredObject cron, DateTimeOffset due)
    {
        var template = cron.ToJson()["spec"]!["jobTemplate"]!;
        var name = string.Create(CultureInfo.InvariantCulture, $"{cron.Name}-{due.ToUnixTimeSeconds() / 60}");
        if (world.Store.Find(JobKind, cron.Namespace, name) is not null)
            return;
        var annotations = template["metadata"]?["annotations"]?.DeepClone().AsObject() ?? [];
        annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] = due.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        try
        {
            // Taken in like the write of a client.
            world.Store.Create(JobKind, Json.Map(
                ("metadata", Json.Map(
                    ("name", name), ("namespace", cron.Namespace), ("labels", template["metadata"]?["labels"]?.DeepClone()), ("annotations", annotations),
                    ("ownerReferences", new JsonArray(PodObjects.Owner(cron))))),
                ("spec", template["spec"]!.DeepClone())));
        }
        catch (StatusException)
        {
            // A quota of Jobs is full, or the namespace is being deleted: the next one may succeed.
        }
    }

    private void ShowActive(StoredObject cron) => Change(cron, value =>
    {
        var active = JobsOf(cron).Where(job => !Condition(job, "Complete") && !Condition(job, "Failed")).Select(job => Json.Map(
            ("apiVersion", "batch/v1"), ("kind", "Job"), ("name", job.Name), ("namespace", job.Namespace), ("uid", job.Uid))).ToList();
        if (active.Count > 0)
            value.Member("status")["active"] = Json.List(active);
        else
            value.Member("status").Remove("active");
    });

    private void Trim(IEnumerable<StoredObject> jobs, long kept)
    {
        foreach (var job in jobs.OrderByDescending(job => job.Text("status", "startTime"), StringComparer.Ordinal).ThenByDescending(job => job.Name, StringComparer.Ordinal).Skip((int)kept).ToList())
            world.Store.Delete(job.Kind, job.Namespace, job.Name);
    }

    private List<StoredObject> JobsOf(StoredObject cron) => [.. world.Store.List(JobKind, cron.Namespace).Items.Where(job => !job.IsDeleting && job.Owners.Any(owner => owner.Uid == cron.Uid))];

    private void Change(StoredObject cron, Action<JsonObject> change)
    {
        if (world.Store.Change(Kind, cron.Namespace, cron.Name, change) is { } written)
            world.Records.Wrote(written);
    }

    private static CronTimes? TimesOf(StoredObject cron) => CronTimes.Parse(cron.Text("spec", "schedule"), cron.Text("spec", "timeZone"), out _);

    private static bool IsSuspended(StoredObject cron) => cron.Find("spec", "suspend") is { ValueKind: JsonValueKind.True };

    private static bool Condition(StoredObject job, string type) => job.Find("status", "conditions") is { ValueKind: JsonValueKind.Array } conditions
        && conditions.EnumerateArray().Any(one => one.GetProperty("type").GetString() == type && one.GetProperty("status").GetString() == "True");

    /// <param name="Timing">All that decides when it is due.</param>
    /// <param name="Times">Null while it is suspended.</param>
    private sealed record Plan(string Timing, CronTimes? Times);
}
