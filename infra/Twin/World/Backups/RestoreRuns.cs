using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Simulation.Scheduling;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World.Backups;

/// <summary>Restores: objects that are missing are created again, those that exist stay as they are (https://velero.io/docs/main/restore-reference/).</summary>
internal sealed class RestoreRuns(World world, Velero velero, BackupRuns backups)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromSeconds(10), PerRestore = TimeSpan.FromSeconds(5), PerObject = TimeSpan.FromMilliseconds(10);

    /// <summary>Others need them: https://velero.io/docs/main/restore-reference/#restore-order</summary>
    private static readonly string[] First =
    [
        "customresourcedefinitions.apiextensions.k8s.io", "namespaces", "priorityclasses.scheduling.k8s.io", "storageclasses.storage.k8s.io", "limitranges", "resourcequotas", "serviceaccounts",
        "secrets", "configmaps", "persistentvolumeclaims", "poddisruptionbudgets.policy", "services", "pods",
    ];

    /// <summary>Controllers create them again. Volumes of snapshots get new names, and are provisioned for their claims here.</summary>
    private static readonly string[] Made = ["endpoints", "endpointslices.discovery.k8s.io", "persistentvolumes", "leases.coordination.k8s.io"];

    private static readonly string[] OfVolumes = ["pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller", "volume.kubernetes.io/selected-node", "volume.kubernetes.io/storage-provisioner"];

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private ObjectStore Store => world.Store;

    private DateTimeOffset Date => world.Clock.DateOf(world.Run.Now);

    public void Absorb(StoredObject? restore)
    {
        if (restore is { IsDeleting: false } && restore.Text("status", "phase") is null or "" or "New" && _known.Add(restore!.Uid))
            world.Remind(world.Run.Now + Poll, _ => Start(restore));
    }

    private void Start(StoredObject restore)
    {
        if (Current(restore) is null)
            return;
        if (velero.Server(restore.Namespace!) is not { } server)
        {
            world.Remind(world.Run.Now + Pause, _ => Start(restore));
            return;
        }

        var name = restore.Text("spec", "backupName") ?? "";
        var backup = Store.Find(Store.Kinds[VeleroKinds.Backups], restore.Namespace, name);
        if (backup is null || backups.Find(backup) is not { } content)
        {
            var problem = backup is null ? $"Error retrieving backup: backups.velero.io \"{name}\" not found" : $"backup {name} is {backup.Text("status", "phase") ?? "New"}: it cannot be restored";
            velero.Change(restore, value => value["status"] = Json.Map(("phase", "FailedValidation"), ("validationErrors", new JsonArray(problem))));
            return;
        }

        var filter = new BackupFilter(restore);
        var objects = content.Objects.Where(one => filter.Takes(one) && IsRestored(one)).OrderBy(OrderOf).ToList();
        velero.Change(restore, value => value["status"] = Json.Map(
            ("phase", "InProgress"), ("startTimestamp", velero.Stamp(Date)), ("progress", Json.Map(("totalItems", objects.Count), ("itemsRestored", 0)))));
        world.Remind(world.Run.Now + PerRestore + (PerObject * objects.Count), _ => End(restore, objects, server));
    }

    private void End(StoredObject restore, List<StoredObject> objects, Pod server)
    {
        if (Current(restore) is null)
            return;
        var now = velero.Server(restore.Namespace!);
        if (now is null)
        {
            world.Remind(world.Run.Now + Pause, _ => End(restore, objects, server));
            return;
        }

        if (!ReferenceEquals(now, server))
        {
            velero.Change(restore, value => BackupRuns.Fail(value, "restore", velero.Stamp(Date)));
            return;
        }

        var (warnings, errors) = (0, 0);
        foreach (var one in objects)
        {
            try
            {
                warnings += Bring(one, restore) ? 0 : 1;
            }
            catch (StatusException)
            {
                errors++;
            }
        }

        velero.Change(restore, value =>
        {
            var status = value.Member("status");
            (status["phase"], status["completionTimestamp"]) = (errors > 0 ? "PartiallyFailed" : "Completed", velero.Stamp(Date));
            status["progress"] = Json.Map(("totalItems", objects.Count), ("itemsRestored", objects.Count));
            if (warnings > 0)
                status["warnings"] = warnings;
            if (errors > 0)
                status["errors"] = errors;
        });
    }

    /// <summary>False when one that differs exists, and stays.</summary>
    private bool Bring(StoredObject one, StoredObject restore)
    {
        var mapping = restore.Find("spec", "namespaceMapping");
        string? Mapped(string? name) => name is not null && mapping is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var other) ? other.GetString() : name;
        var isNamespace = one.Kind is { Group: "", Plural: "namespaces" };
        var (@namespace, name) = (Mapped(one.Namespace), isNamespace ? Mapped(one.Name)! : one.Name);
        var value = Clean(one, @namespace, name);
        var labels = value.Member("metadata").Member("labels");
        (labels["velero.io/backup-name"], labels["velero.io/restore-name"]) = (restore.Text("spec", "backupName"), restore.Name);
        if (Store.Find(one.Kind, @namespace, name) is { } existing)
            return existing.Find("spec") is not { } there || one.Find("spec") is not { } saved || Json.Canonical(there) == Json.Canonical(saved);
        if (@namespace is not null && Store.Find(Store.Kinds["namespaces"], null, @namespace) is null)
            Store.Create(Store.Kinds["namespaces"], Json.Map(("metadata", Json.Map(("name", @namespace)))));
        // Taken in like the write of a client.
        Store.Create(one.Kind, value);
        return true;
    }

    private static JsonObject Clean(StoredObject one, string? @namespace, string name)
    {
        var value = one.ToJson();
        var old = value["metadata"]!.AsObject();
        value.Remove("status");
        value["metadata"] = Json.Map(("name", name), ("namespace", @namespace), ("labels", old["labels"]?.DeepClone()), ("annotations", old["annotations"]?.DeepClone()));
        if (value["spec"] is not JsonObject spec)
            return value;
        switch (one.Kind.Resource)
        {
            case "persistentvolumeclaims":
                spec.Remove("volumeName");
                foreach (var annotation in OfVolumes)
                    (value["metadata"]!["annotations"] as JsonObject)?.Remove(annotation);
                break;
            case "services" when (string?)spec["clusterIP"] != "None":
                spec.Remove("clusterIP");
                spec.Remove("clusterIPs");
                break;
            case "pods":
                spec.Remove("nodeName");
                break;
        }

        return value;
    }

    /// <summary>What its controller makes is not restored; nor is what has ended.</summary>
    private static bool IsRestored(StoredObject one) => !one.IsDeleting && !one.Owners.Any(owner => owner.IsController) && !Made.Contains(one.Kind.Resource)
        && !(one.Kind.Resource == "jobs.batch" && one.Text("status", "completionTime") is not null)
        && !(one.Kind.Resource == "pods" && one.Text("status", "phase") is "Succeeded" or "Failed");

    private static int OrderOf(StoredObject one) => Array.IndexOf(First, one.Kind.Resource) is >= 0 and var at ? at : First.Length;

    private StoredObject? Current(StoredObject restore) => Store.Find(restore.Kind, restore.Namespace, restore.Name) is { } found && found.Uid == restore.Uid ? found : null;
}
