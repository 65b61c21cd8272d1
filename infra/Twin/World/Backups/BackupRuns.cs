using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HaCluster.Simulation.Scheduling;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World.Backups;

/// <summary>Backups on their way: one at a time, as the server does them (https://velero.io/docs/main/api-types/backup/).</summary>
internal sealed partial class BackupRuns(World world, Velero velero)
{
    /// <summary>How often the server looks for work, or at work that it cannot begin yet.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromSeconds(10);

    /// <summary>How long a backup takes: assumed.</summary>
    private static readonly TimeSpan PerBackup = TimeSpan.FromSeconds(10), PerObject = TimeSpan.FromMilliseconds(5), OfSnapshots = TimeSpan.FromSeconds(20);

    private const string DefaultTimeToLive = "720h0m0s", DefaultLocation = "default";

    private readonly Dictionary<string, BackupContent> _contents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private string? _current;

    private ObjectStore Store => world.Store;

    private ResourceKind Kind => Store.Kinds[VeleroKinds.Backups];

    private DateTimeOffset Date => world.Clock.DateOf(world.Run.Now);

    /// <summary>What a backup that can be restored holds.</summary>
    public BackupContent? Find(StoredObject backup) => backup.Text("status", "phase") is "Completed" or "PartiallyFailed" ? _contents.GetValueOrDefault(backup.Uid) : null;

    /// <summary>One that was made before the world began.</summary>
    public void MakeCompleted(JsonObject described, DateTimeOffset started)
    {
        var backup = world.Records.Wrote(Store.Create(Kind, described));
        _known.Add(backup.Uid);
        var content = Take(backup, started);
        Complete(backup, content, started + DurationOf(content, backup));
    }

    public void Absorb(StoredObject? backup, string @namespace, string name)
    {
        if (backup is null)
        {
            // Its data goes with it.
            foreach (var uid in _contents.Where(content => content.Value.Namespace == @namespace && content.Value.Backup == name).Select(content => content.Key).ToList())
                _contents.Remove(uid);
        }
        else if (!backup.IsDeleting && backup.Text("status", "phase") is null or "" or "New" && _known.Add(backup.Uid))
        {
            world.Remind(world.Run.Now + Poll, _ => Start(backup.Namespace!, backup.Name, backup.Uid));
        }
    }

    private void Start(string @namespace, string name, string uid)
    {
        if (Current(@namespace, name, uid) is not { } backup)
            return;
        if (velero.Server(@namespace) is not { } server || _current is not null)
        {
            world.Remind(world.Run.Now + (_current is null ? Pause : Poll), _ => Start(@namespace, name, uid));
            return;
        }

        if (WhyInvalid(backup) is { } problem)
        {
            velero.Change(backup, value => value["status"] = Json.Map(("phase", "FailedValidation"), ("version", 1), ("formatVersion", "1.1.0"), ("validationErrors", new JsonArray(problem))));
            return;
        }

        _current = uid;
        var content = Take(backup, Date);
        world.Remind(world.Run.Now + DurationOf(content, backup), _ => End(@namespace, name, uid, content, server));
    }

    private void End(string @namespace, string name, string uid, BackupContent content, Pod server)
    {
        if (Current(@namespace, name, uid) is not { } backup)
        {
            _current = null;
            return;
        }

        var now = velero.Server(@namespace);
        if (now is null)
        {
            world.Remind(world.Run.Now + Pause, _ => End(@namespace, name, uid, content, server));
            return;
        }

        _current = null;
        if (ReferenceEquals(now, server))
            Complete(backup, content, Date);
        else
            velero.Change(backup, value => Fail(value, "backup", velero.Stamp(Date)));
    }

    /// <summary>What the server does to work that it finds begun when it starts.</summary>
    public static void Fail(JsonObject value, string what, string stamp)
    {
        var status = value.Member("status");
        (status["phase"], status["completionTimestamp"]) = ("Failed", stamp);
        status["failureReason"] = $"found a {what} with status \"InProgress\" during the server starting, mark it as \"Failed\"";
    }

    private BackupContent Take(StoredObject backup, DateTimeOffset started)
    {
        var content = BackupContent.Of(Store, backup);
        var life = DurationOf(backup.Text("spec", "ttl") ?? DefaultTimeToLive);
        velero.Change(backup, value =>
        {
            var spec = value.Member("spec");
            spec["ttl"] ??= DefaultTimeToLive;
            spec["storageLocation"] ??= DefaultLocation;
            value.Member("metadata").Member("labels")["velero.io/storage-location"] = spec["storageLocation"]!.DeepClone();
            value["status"] = Json.Map(
                ("phase", "InProgress"), ("version", 1), ("formatVersion", "1.1.0"), ("startTimestamp", velero.Stamp(started)), ("expiration", velero.Stamp(started + life)),
                ("progress", Json.Map(("totalItems", content.Objects.Length), ("itemsBackedUp", 0))));
        });
        world.Remind(world.Clock.TimeOf(started + life), _ => Expire(backup));
        return content;
    }

    private void Complete(StoredObject backup, BackupContent content, DateTimeOffset ended)
    {
        _contents[backup.Uid] = content;
        velero.Change(backup, value =>
        {
            var status = value.Member("status");
            (status["phase"], status["completionTimestamp"]) = ("Completed", velero.Stamp(ended));
            status["progress"] = Json.Map(("totalItems", content.Objects.Length), ("itemsBackedUp", content.Objects.Length));
            if (TakesSnapshots(backup) && content.Claims > 0)
                (status["csiVolumeSnapshotsAttempted"], status["csiVolumeSnapshotsCompleted"]) = (content.Claims, content.Claims);
        });
    }

    private void Expire(StoredObject backup)
    {
        if (Current(backup.Namespace!, backup.Name, backup.Uid) is not null)
            Store.Delete(Kind, backup.Namespace, backup.Name);
    }

    private StoredObject? Current(string @namespace, string name, string uid) => Store.Find(Kind, @namespace, name) is { } found && found.Uid == uid ? found : null;

    private string? WhyInvalid(StoredObject backup)
    {
        var location = backup.Text("spec", "storageLocation") ?? DefaultLocation;
        if (Store.Find(Store.Kinds[VeleroKinds.Locations], backup.Namespace, location) is null)
            return $"a BackupStorageLocation CRD with the name specified in the backup spec needs to be created before this backup can be executed. Error: backupstoragelocations.velero.io \"{location}\" not found";
        return backup.Text("spec", "ttl") is { } life && !GoDuration().IsMatch(life) ? $"invalid ttl: time: invalid duration \"{life}\"" : null;
    }

    private static TimeSpan DurationOf(BackupContent content, StoredObject backup) =>
        PerBackup + (PerObject * content.Objects.Length) + (TakesSnapshots(backup) && content.Claims > 0 ? OfSnapshots : TimeSpan.Zero);

    private static bool TakesSnapshots(StoredObject backup) => backup.Find("spec", "snapshotVolumes") is not { ValueKind: JsonValueKind.False };

    private static TimeSpan DurationOf(string text)
    {
        var match = GoDuration().Match(text);
        double Part(string name) => match.Groups[name].Success ? double.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromHours(Part("h")) + TimeSpan.FromMinutes(Part("m")) + TimeSpan.FromSeconds(Part("s"));
    }

    [GeneratedRegex(@"^(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:(?<s>\d+)s)?\z")]
    private static partial Regex GoDuration();
}
