using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Planning.Capacity;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World;

/// <summary>Claims of StatefulSets, the volumes behind all claims, and their attachments to nodes.</summary>
internal sealed class Volumes(World world)
{
    /// <summary>How long EC2 takes to make a volume larger, and the node to grow its file system: assumed.</summary>
    private static readonly TimeSpan Growth = TimeSpan.FromSeconds(20);

    private readonly Dictionary<(string Namespace, string Name), VolumeRecord> _records = [];
    private readonly HashSet<(string Resource, string? Namespace, string Name)> _own = [];

    private ObjectStore Store => world.Store;

    private ResourceKind ClaimKind => Store.Kinds["persistentvolumeclaims"];

    private ResourceKind VolumeKind => Store.Kinds["persistentvolumes"];

    private ResourceKind AttachmentKind => Store.Kinds["volumeattachments.storage.k8s.io"];

    public IEnumerable<VolumeRecord> All => _records.Values.Where(record => record.VolumeId is not null);

    /// <summary>Whether the world wrote the object, so that the run knows it already.</summary>
    public bool IsOwn(ResourceKind kind, string? @namespace, string name) => _own.Contains((kind.Resource, @namespace, name));

    /// <summary>The claims that a StatefulSet creates for a new pod.</summary>
    public void Make(PodStatus pod, StoredObject owner)
    {
        if (pod.Pod.Workload.Kind != WorkloadKind.StatefulSet)
            return;
        var templates = (owner.ToJson()["spec"]?["volumeClaimTemplates"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        foreach (var claim in world.Run.ClaimsOf(pod.Pod).Where(claim => claim.Request.Owner == ClaimOwner.StatefulSet))
        {
            if (Store.Find(ClaimKind, claim.Namespace, claim.Name) is not null)
                continue;
            var template = templates.FirstOrDefault(one => (string?)one["metadata"]?["name"] == claim.Request.Name);
            var spec = template?["spec"]?.DeepClone().AsObject() ?? [];
            spec["storageClassName"] ??= claim.Request.StorageClass;
            spec["volumeMode"] ??= "Filesystem";
            _own.Add((ClaimKind.Resource, claim.Namespace, claim.Name));
            world.Records.Wrote(Store.Create(ClaimKind, Json.Map(
                ("metadata", Json.Map(
                    ("name", claim.Name), ("namespace", claim.Namespace), ("labels", owner.Find("spec", "selector", "matchLabels")?.Copy()), ("finalizers", new JsonArray("kubernetes.io/pvc-protection")))),
                ("spec", spec),
                ("status", Json.Map(("phase", "Pending"))))));
        }
    }

    /// <summary>Volumes of a pod: bound when it has a node, attached when it starts.</summary>
    public void Show(PodStatus pod)
    {
        if (pod.Pod.Spec.Volumes.IsEmpty)
            return;
        foreach (var claim in world.Run.ClaimsOf(pod.Pod))
        {
            if (claim.Zone is null || claim.Request.Owner == ClaimOwner.None)
                continue;
            var record = Bind(claim, pod);
            record.Users.RemoveAll(user => ReferenceEquals(user, pod.Pod));
            record.Users.Add(pod.Pod);
            if (pod.Node is { } node && pod.Stage is PodStage.Starting or PodStage.Running)
                Attach(record, pod.Node!);
        }
    }

    /// <summary>The pod is gone; its volumes are detached when the run says so.</summary>
    public void Leave(Pod pod)
    {
        foreach (var record in _records.Values.ToList())
        {
            if (record.Users.RemoveAll(user => ReferenceEquals(user, pod)) == 0)
                continue;
            record.Last = pod;
            if (record is { IsDeleted: true, Users.Count: 0 })
                Delete(record);
        }
    }

    /// <summary>Detaches volumes whose nodes have let go of them, and finishes those that grow.</summary>
    public void Release()
    {
        foreach (var record in _records.Values)
        {
            if (record.GrownAt is { } at && at <= world.Run.Now)
                Grow(record);
            if (record.Node is null || record.Users.Exists(user => NodeOf(user) == record.Node))
                continue;
            if (record.Last is { } last && world.Run.ClaimsOf(last).Any(claim => claim.Name == record.Claim && claim.HeldBy == record.Node))
                continue;
            var name = AttachmentOf(record, record.Node);
            record.Node = null;
            if (Store.Find(AttachmentKind, null, name) is not null)
                world.Records.Wrote(Store.Delete(AttachmentKind, null, name).Object);
        }
    }

    /// <summary>A client changed the size of a claim, or deleted it: it stays until no pod uses it.</summary>
    public void Absorb(StoredObject? claim, string @namespace, string name)
    {
        if (claim is not null and not { IsDeleting: true })
        {
            Resize(claim);
            return;
        }

        if (_records.TryGetValue((@namespace, name), out var record) && !record.IsDeleted)
        {
            record.IsDeleted = true;
            world.Run.Apply(new Change.ClaimDeleted(@namespace, name));
            if (record.Users.Count == 0)
                Delete(record);
        }
        else if (record is null && claim is not null)
        {
            Unprotect(@namespace, name);
        }
    }

    private void Delete(VolumeRecord record)
    {
        _records.Remove((record.Namespace, record.Claim));
        _own.Remove((ClaimKind.Resource, record.Namespace, record.Claim));
        Unprotect(record.Namespace, record.Claim);
        if (record.Node is not null && Store.Find(AttachmentKind, null, AttachmentOf(record, record.Node)) is { } attachment)
            world.Records.Wrote(Store.Delete(AttachmentKind, null, attachment.Name).Object);
        if (record.VolumeName is { } volume && _own.Remove((VolumeKind.Resource, null, volume)) && Store.Find(VolumeKind, null, volume) is not null)
            world.Records.Wrote(Store.Delete(VolumeKind, null, volume).Object);
    }

    /// <summary>The finalizer goes, and the claim with it when it is being deleted.</summary>
    private void Unprotect(string @namespace, string name) => Change(ClaimKind, @namespace, name, value => value.Member("metadata").Remove("finalizers"));

    private void Resize(StoredObject claim)
    {
        if (!_records.TryGetValue((claim.Namespace!, claim.Name), out var record) || claim.Text("spec", "resources", "requests", "storage") is not { } size
            || Quantity.Parse(size) is not { } bytes || (long)bytes <= record.Bytes || record.GrownAt is not null)
            return;
        record.Wanted = (long)bytes;
        record.GrownAt = world.Run.Now + Growth;
    }

    private VolumeRecord Bind(ClaimStatus claim, PodStatus pod)
    {
        var key = (claim.Namespace, claim.Name);
        if (!_records.TryGetValue(key, out var record))
            _records.Add(key, record = new VolumeRecord(claim.Namespace, claim.Name, claim.Request.Bytes));
        if (record.VolumeId is not null || Store.Find(ClaimKind, claim.Namespace, claim.Name) is not { } stored)
            return record;
        record.Zone = claim.Zone!;
        record.VolumeName = claim.Volume?.Name ?? $"pvc-{stored.Uid}";
        record.VolumeId = claim.Volume?.Handle ?? $"vol-0{Ids.Hex($"{world.Options.Seed}/volume/{key}", 16)}";
        record.StorageClass = claim.Request.StorageClass ?? "";
        if (claim.Volume is null)
        {
            _own.Add((VolumeKind.Resource, null, record.VolumeName));
            world.Records.Wrote(Store.Create(VolumeKind, Volume(record, stored, claim)));
        }

        Change(ClaimKind, claim.Namespace, claim.Name, value =>
        {
            value.Member("spec")["volumeName"] = record.VolumeName;
            var annotations = value.Member("metadata").Member("annotations");
            annotations["pv.kubernetes.io/bind-completed"] = "yes";
            annotations["volume.kubernetes.io/selected-node"] = pod.Node;
            value["status"] = Json.Map(
                ("phase", "Bound"), ("accessModes", value["spec"]?["accessModes"]?.DeepClone()), ("capacity", Json.Map(("storage", Size(record.Bytes)))));
        });
        return record;
    }

    private void Attach(VolumeRecord record, string node)
    {
        if (record.Node == node || record.VolumeName is null)
            return;
        if (record.Node is not null && Store.Find(AttachmentKind, null, AttachmentOf(record, record.Node)) is { } old)
            world.Records.Wrote(Store.Delete(AttachmentKind, null, old.Name).Object);
        record.Node = node;
        var name = AttachmentOf(record, node);
        if (Store.Find(AttachmentKind, null, name) is not null)
            return;
        world.Records.Wrote(Store.Create(AttachmentKind, Json.Map(
            ("metadata", Json.Map(("name", name))),
            ("spec", Json.Map(
                ("attacher", VolumeDriver.Ebs.Name), ("nodeName", node), ("source", Json.Map(("persistentVolumeName", record.VolumeName))))),
            ("status", Json.Map(("attached", true), ("attachmentMetadata", Json.Map(("devicePath", "/dev/xvdba"))))))));
    }

    private void Grow(VolumeRecord record)
    {
        (record.Bytes, record.GrownAt) = (record.Wanted, null);
        Change(ClaimKind, record.Namespace, record.Claim, value => value.Member("status")["capacity"] = Json.Map(("storage", Size(record.Bytes))));
        Change(VolumeKind, null, record.VolumeName!, value => value.Member("spec")["capacity"] = Json.Map(("storage", Size(record.Bytes))));
    }

    private static JsonObject Volume(VolumeRecord record, StoredObject claim, ClaimStatus status) => Json.Map(
        ("metadata", Json.Map(
            ("name", record.VolumeName), ("annotations", Json.Map(("pv.kubernetes.io/provisioned-by", VolumeDriver.Ebs.Name))))),
        ("spec", Json.Map(
            ("capacity", Json.Map(("storage", Size(record.Bytes)))),
            ("accessModes", claim.Find("spec", "accessModes") is { } modes ? JsonNode.Parse(modes.GetRawText()) : new JsonArray("ReadWriteOnce")),
            ("persistentVolumeReclaimPolicy", "Delete"),
            ("storageClassName", record.StorageClass),
            ("volumeMode", status.Request.IsBlock ? "Block" : "Filesystem"),
            ("claimRef", Json.Map(("apiVersion", "v1"), ("kind", "PersistentVolumeClaim"), ("namespace", claim.Namespace), ("name", claim.Name), ("uid", claim.Uid))),
            ("csi", Json.Map(("driver", VolumeDriver.Ebs.Name), ("volumeHandle", record.VolumeId), ("fsType", "ext4"))),
            ("nodeAffinity", record.Zone.Length == 0 ? null : Json.Map(("required", Json.Map(("nodeSelectorTerms", new JsonArray(Json.Map(
                ("matchExpressions", new JsonArray(Json.Map(("key", Labels.EbsZone), ("operator", "In"), ("values", new JsonArray(record.Zone)))))))))))))),
        ("status", Json.Map(("phase", "Bound"))));

    private string? NodeOf(Pod pod) => world.Records.Find(pod.Workload)?.Live.GetValueOrDefault(pod)?.Shown?.Node;

    private static string AttachmentOf(VolumeRecord record, string node) => $"csi-{Ids.Hex($"{record.VolumeId}/{node}", 64)}";

    private void Change(ResourceKind kind, string? @namespace, string name, Action<JsonObject> change)
    {
        if (Store.Change(kind, @namespace, name, change) is { } written)
            world.Records.Wrote(written);
    }

    private static string Size(long bytes) => bytes % (1L << 30) == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30}Gi")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes}");
}

/// <summary>A claim with its volume.</summary>
internal sealed class VolumeRecord(string @namespace, string claim, long bytes)
{
    public string Namespace { get; } = @namespace;

    public string Claim { get; } = claim;

    public long Bytes { get; set; } = bytes;

    /// <summary>The size that it grows to.</summary>
    public long Wanted { get; set; }

    /// <summary>In virtual time; null when it does not grow.</summary>
    public TimeSpan? GrownAt { get; set; }

    public string Zone { get; set; } = "";

    public string? VolumeName { get; set; }

    /// <summary>Its id in EC2; null while the claim has none.</summary>
    public string? VolumeId { get; set; }

    public string StorageClass { get; set; } = "";

    /// <summary>The node that it is attached to.</summary>
    public string? Node { get; set; }

    /// <summary>A client has deleted the claim.</summary>
    public bool IsDeleted { get; set; }

    public List<Pod> Users { get; } = [];

    /// <summary>The pod that used it last.</summary>
    public Pod? Last { get; set; }
}
