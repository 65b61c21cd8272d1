using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Volumes;

/// <summary>Storage classes, volumes, claims and attachments from their objects, added to those that the cluster has already.</summary>
internal sealed class StorageReader(IReadOnlyCollection<ClusterObject> objects)
{
    private const string Group = "storage.k8s.io";
    private const string SelectedNode = "volume.kubernetes.io/selected-node", BindCompleted = "pv.kubernetes.io/bind-completed";
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    private static readonly string[] DefaultMarks = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

    public ClusterStorage Over(ClusterStorage known)
    {
        var classes = Of("StorageClass", Group).Select(one => (Class: Class(one), Made: one.At("metadata", "creationTimestamp").Text() ?? "")).ToList();
        // Of several default classes the newest is used, then the first by name (GetDefaultClass in pkg/volume/util/storageclass.go).
        var storage = known with
        {
            Classes =
            [
                .. classes.OrderByDescending(one => one.Made, StringComparer.Ordinal).ThenBy(one => one.Class.Name, StringComparer.Ordinal).Select(one => one.Class)
                    .Concat(known.Classes).DistinctBy(one => one.Name),
            ],
            Volumes = [.. Of("PersistentVolume", "").Select(Volume).Concat(known.Volumes).DistinctBy(one => one.Name)],
            Attachments = [.. known.Attachments.Concat(Attachments()).Distinct()],
        };
        var reader = new VolumeReader(storage);
        return storage with
        {
            Claims = [.. Of("PersistentVolumeClaim", "").Select(one => Claim(one, reader)).Concat(known.Claims).DistinctBy(one => (one.Namespace, one.Name))],
        };
    }

    private IEnumerable<ClusterObject> Of(string kind, string group) => objects.Where(one => one.Kind == kind && one.Object.Group == group);

    private StorageClass Class(ClusterObject one)
    {
        var provisioner = one.At("provisioner").Text() ?? "";
        var driver = VolumeDriver.Find(provisioner);
        // Only io2 volumes can be attached to several nodes (docs/multi-attach.md of the EBS driver).
        if (driver.Name == VolumeDriver.Ebs.Name && one.At("parameters", "type").Text() == "io2")
            driver = driver with { BlockAccess = driver.BlockAccess | VolumeAccess.ReadWriteMany };
        return new StorageClass
        {
            Name = one.Name,
            Driver = driver.IsKnown ? driver : driver with { Reach = ReachOf(provisioner) },
            WaitsForPod = one.At("volumeBindingMode").Text() == "WaitForFirstConsumer",
            Topologies =
            [
                .. one.At("allowedTopologies").Items().Select(term => new NodeAffinityTerm(SelectorReader.Requirements(term.At("matchLabelExpressions")), [])),
            ],
            IsDefault = DefaultMarks.Any(mark => one.At("metadata", "annotations", mark).IsTrue()),
        };
    }

    /// <summary>The topology keys that the driver reports on nodes; the zone if it reports none.</summary>
    private VolumeReach ReachOf(string driver)
    {
        var keys = Of("CSINode", Group).SelectMany(node => node.Spec.At("drivers").Items())
            .Where(one => one.At("name").Text() == driver).Select(one => one.At("topologyKeys").Texts().ToList()).FirstOrDefault();
        return keys is null ? VolumeReach.Zone : keys.Count == 0 ? VolumeReach.Anywhere
            : keys.Any(key => key.Contains("zone", StringComparison.Ordinal)) ? VolumeReach.Zone : VolumeReach.Node;
    }

    private static PersistentVolume Volume(ClusterObject one)
    {
        var (csi, inTree, claim) = (one.Spec.At("csi"), one.Spec.At("awsElasticBlockStore", "volumeID").Text(), one.Spec.At("claimRef"));
        return new PersistentVolume
        {
            Name = one.Name,
            Bytes = VolumeReader.Bytes(one.Spec.At("capacity", "storage")),
            StorageClass = one.At("metadata", "annotations", ClassAnnotation).Text() ?? one.Spec.At("storageClassName").Text() ?? "",
            Access = VolumeReader.AccessModes(one.Spec.At("accessModes")),
            IsBlock = one.Spec.At("volumeMode").Text() == "Block",
            Labels = SelectorReader.Labels(one.At("metadata", "labels")),
            Nodes = AffinityReader.Terms(one.Spec.At("nodeAffinity", "required")),
            Claim = claim.At("name").Text() is { } name ? (claim.At("namespace").Text() ?? "default", name) : null,
            IsAvailable = one.At("metadata", "deletionTimestamp") is null && one.At("status", "phase").Text() is not ("Released" or "Failed"),
            Driver = csi.At("driver").Text() is { } driver ? VolumeDriver.Find(driver) : inTree is null ? null : VolumeDriver.Ebs,
            Handle = csi.At("volumeHandle").Text() ?? VolumeReader.IdOf(inTree ?? ""),
        };
    }

    private static PersistentVolumeClaim Claim(ClusterObject one, VolumeReader reader)
    {
        var annotations = one.At("metadata", "annotations");
        var phase = one.At("status", "phase").Text();
        return new PersistentVolumeClaim(one.Namespace, one.Name, reader.Claim(one.Name, new PropertyValue.Map(one.Object.Content)) with { Owner = ClaimOwner.Other })
        {
            Volume = one.Spec.At("volumeName").Text() is { Length: > 0 } volume ? volume : null,
            WasBound = phase is "Bound" or "Lost" || annotations.At(BindCompleted) is not null,
            IsDeleted = one.At("metadata", "deletionTimestamp") is not null,
            Pod = one.At("metadata", "ownerReferences").Items().FirstOrDefault(owner => owner.At("kind").Text() == "Pod" && owner.At("controller").IsTrue()).At("name").Text(),
            SelectedNode = annotations.At(SelectedNode).Text(),
        };
    }

    private IEnumerable<VolumeAttachment> Attachments()
    {
        var handles = Of("PersistentVolume", "").GroupBy(one => one.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Volume(group.First()).Handle, StringComparer.Ordinal);
        foreach (var one in Of("VolumeAttachment", Group))
        {
            if (one.Spec.At("nodeName").Text() is { } node && one.Spec.At("attacher").Text() is { } driver
                && one.Spec.At("source", "persistentVolumeName").Text() is { } volume && handles.TryGetValue(volume, out var handle))
                yield return new VolumeAttachment(node, driver, handle);
        }
    }
}
