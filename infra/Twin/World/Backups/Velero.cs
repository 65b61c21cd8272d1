using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Simulation.Scheduling;
using HaCluster.Twin.Storage;
using HaCluster.Twin.World.Batch;

namespace HaCluster.Twin.World.Backups;

/// <summary>
/// In place of Velero, which the twin does not run: schedules make backups, backups remember the objects of the cluster, and restores bring them back
/// (https://velero.io/docs/main/how-velero-works/). It works while a pod of Velero is ready. Nothing is written to a bucket, and volumes come back empty.
/// </summary>
internal sealed class Velero
{
    public const string Group = VeleroKinds.Group;

    private const string Deployment = "velero";

    private readonly World _world;
    private readonly BackupRuns _backups;
    private readonly RestoreRuns _restores;
    private readonly Dictionary<(string Namespace, string Name), Plan> _plans = [];

    public Velero(World world)
    {
        _world = world;
        _backups = new BackupRuns(world, this);
        _restores = new RestoreRuns(world, this, _backups);
    }

    /// <summary>The resources that it works on; none in a cluster without Velero.</summary>
    public IEnumerable<string> Watched => VeleroKinds.ServedBy(Store);

    private ObjectStore Store => _world.Store;

    private DateTimeOffset Date => _world.Clock.DateOf(_world.Run.Now);

    /// <summary>Before the world begins to watch.</summary>
    public void Define() => VeleroKinds.Complete(Store, _world.Records);

    /// <summary>A cluster that ran before has the last backup of each schedule; it holds what is there now.</summary>
    public void Begin()
    {
        if (!Watched.Any())
            return;
        foreach (var location in Store.List(Store.Kinds[VeleroKinds.Locations]).Items)
            Validate(location);
        foreach (var schedule in Store.List(Store.Kinds[VeleroKinds.Schedules]).Items)
        {
            if (!IsPaused(schedule) && TimesOf(schedule, out _)?.LastBefore(Date) is { } last)
            {
                _backups.MakeCompleted(Describe(schedule, last), last);
                Change(schedule, value => value.Member("status")["lastBackup"] = Stamp(last));
            }

            Follow(schedule, schedule.Namespace!, schedule.Name);
        }
    }

    /// <summary>A client, or a schedule, created, changed or deleted an object.</summary>
    public void Absorb(ResourceKind kind, StoredObject? current, string @namespace, string name)
    {
        switch (kind.Kind)
        {
            case "Schedule":
                Follow(current, @namespace, name);
                break;
            case "Backup":
                _backups.Absorb(current, @namespace, name);
                break;
            case "Restore":
                _restores.Absorb(current);
                break;
            case "BackupStorageLocation" when current is { IsDeleting: false } && current.Text("status", "phase") is null:
                Validate(current);
                break;
        }
    }

    /// <summary>The pod that does the work; null while none is ready.</summary>
    public Pod? Server(string @namespace) => _world.Records.Find("Deployment", $"{@namespace}/{Deployment}") is { IsDeleted: false } record
        ? _world.Run.PodsOf(record.Workload).FirstOrDefault(pod => pod is { IsReady: true, IsTerminating: false } && _world.Run.LossOf(pod.Node!) is null)?.Pod
        : null;

    /// <summary>Writes to an object; what follows from it is known here already.</summary>
    public void Change(StoredObject subject, Action<JsonObject> change)
    {
        if (Store.Change(subject.Kind, subject.Namespace, subject.Name, change) is { } written)
            _world.Records.Wrote(written);
    }

    /// <summary>The clock's time at a date of the world.</summary>
    public string Stamp(DateTimeOffset date) => PodObjects.Stamp(_world.Clock.At(_world.Clock.TimeOf(date)));

    private void Validate(StoredObject location) => Change(location, value => value["status"] = Json.Map(("phase", "Available"), ("lastSyncedTime", Stamp(Date)), ("lastValidationTime", Stamp(Date))));

    private void Follow(StoredObject? schedule, string @namespace, string name)
    {
        if (schedule is null or { IsDeleting: true })
        {
            _plans.Remove((@namespace, name));
            return;
        }

        var timing = $"{schedule.Text("spec", "schedule")}|{IsPaused(schedule)}|{schedule.Uid}";
        if (_plans.TryGetValue((@namespace, name), out var known) && known.Timing == timing)
            return;
        var times = TimesOf(schedule, out var problem);
        Change(schedule, value =>
        {
            var status = value.Member("status");
            status["phase"] = problem is null ? "Enabled" : "FailedValidation";
            if (problem is null)
                status.Remove("validationErrors");
            else
                status["validationErrors"] = new JsonArray($"invalid schedule: {problem}");
        });
        var plan = new Plan(timing, IsPaused(schedule) ? null : times);
        _plans[(@namespace, name)] = plan;
        Await((@namespace, name), plan);
    }

    private void Await((string Namespace, string Name) key, Plan plan)
    {
        if (plan.Times?.After(Date) is { } due)
            _world.Remind(_world.Clock.TimeOf(due), _ => Fire(key, plan, due));
    }

    private void Fire((string Namespace, string Name) key, Plan plan, DateTimeOffset due)
    {
        // It was changed or deleted meanwhile.
        if (_plans.GetValueOrDefault(key) != plan || Store.Find(Store.Kinds[VeleroKinds.Schedules], key.Namespace, key.Name) is not { } schedule)
            return;
        Await(key, plan);
        // A server that is down makes no backup, and one that is back does not catch up.
        if (Server(key.Namespace) is null)
            return;
        var backup = Describe(schedule, due);
        if (Store.Find(Store.Kinds[VeleroKinds.Backups], key.Namespace, (string)backup["metadata"]!["name"]!) is null)
            Store.Create(Store.Kinds[VeleroKinds.Backups], backup);
        Change(schedule, value => value.Member("status")["lastBackup"] = Stamp(due));
    }

    private static JsonObject Describe(StoredObject schedule, DateTimeOffset due)
    {
        var labels = schedule.Find("metadata", "labels")?.Copy() ?? [];
        labels["velero.io/schedule-name"] = schedule.Name;
        return Json.Map(
            ("metadata", Json.Map(
                ("name", $"{schedule.Name}-{due.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}"), ("namespace", schedule.Namespace), ("labels", labels))),
            ("spec", schedule.Find("spec", "template")?.Copy() ?? []));
    }

    private static CronTimes? TimesOf(StoredObject schedule, out string? problem) => CronTimes.Parse(schedule.Text("spec", "schedule"), null, out problem);

    private static bool IsPaused(StoredObject schedule) => schedule.Find("spec", "paused") is { ValueKind: JsonValueKind.True };

    /// <param name="Timing">All that decides when it is due.</param>
    /// <param name="Times">Null while it is paused, or not understood.</param>
    private sealed record Plan(string Timing, CronTimes? Times);
}
