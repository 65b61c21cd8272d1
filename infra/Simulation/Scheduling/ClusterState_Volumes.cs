using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Counting;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Scheduling;

/// <content>Volumes: those of each claim, their places, and attachments to nodes.</content>
public sealed partial class ClusterState
{
    private VolumeUse _volumes;

    internal StorageIndex Storage { get; private set; }

    /// <summary>
    /// Other claims, classes and volumes exist now. Claims that have a volume keep it; a claim for a volume that exists already is bound to it.
    /// </summary>
    public void Declare(ClusterStorage storage)
    {
        Storage = new StorageIndex(storage);
        foreach (var (key, volume) in Storage.Bound)
        {
            if (!_volumes.Bindings.ContainsKey(key))
                Take(key, volume);
        }
    }

    /// <summary>
    /// Zone of the first of its claims whose volume is in one; null when none is. A recreated pod of a StatefulSet finds its volume by name.
    /// </summary>
    public string? VolumeZoneOf(Pod pod)
    {
        foreach (var key in pod.Claims)
        {
            if (_volumes.Bindings.TryGetValue(key, out var binding) && binding.Zone.Length > 0)
                return binding.Zone;
        }

        return null;
    }

    /// <summary>Simulates that volumes are restored from snapshots: new ones may be created in any zone. Pre-existing volumes keep their place.</summary>
    public void ForgetVolumes(Pod pod)
    {
        foreach (var key in pod.Claims)
            Forget(key);
    }

    /// <summary>
    /// Creates the volumes of the pod's claims with immediate binding: in the worst case where the pod cannot use them. The driver spreads them over the
    /// zones that have nodes, without considering the pod (https://github.com/kubernetes-csi/external-provisioner/blob/master/pkg/controller/topology.go).
    /// </summary>
    public void MakeImmediateVolumes(Pod pod)
    {
        for (var at = 0; at < pod.Claims.Length; at++)
        {
            var (key, use) = (pod.Claims[at], pod.Spec.Volumes[at]);
            var existing = Storage.Find(key);
            var request = existing?.Request ?? use;
            if (use.Owner == ClaimOwner.None || (existing is null && use.Owner == ClaimOwner.Other) || Storage.FaultOf(key) is not null || _volumes.Bindings.ContainsKey(key)
                || request.Class is { WaitsForPod: true })
                continue;
            if (Storage.UnboundOf(request.StorageClass).FirstOrDefault(volume => StorageIndex.Suits(volume, request) && !IsTaken(volume)) is { } found)
                Take(key, found);
            else if (request.Class is { Driver: { Provisions: true } driver } storageClass && driver.Lacks(request.Access, request.IsBlock) == VolumeAccess.None)
                Own().Bindings.Add(key, new ClaimBinding(driver.Reach == VolumeReach.Anywhere ? "" : WorstZone(pod, storageClass), IsMadeBeforePlacement: true));
        }
    }

    internal ClaimBinding? BindingOf(ClaimKey key) => _volumes.Bindings.TryGetValue(key, out var binding) ? binding : null;

    internal bool IsTaken(PersistentVolume volume) => _volumes.Taken.Contains(volume);

    /// <summary>Bound pods that use the claim, for claims that only one pod can use.</summary>
    internal int SingleUsersOf(ClaimKey key) => _volumes.Single.GetValueOrDefault(key);

    /// <summary>
    /// Whether a pod of the node uses the volume. A volume that is attached but unused counts again for the new pod
    /// (https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/scheduler/framework/plugins/nodevolumelimits/csi.go, <c>Filter</c>).
    /// </summary>
    internal bool IsAttached(int node, string key) =>
        _volumes.Users.TryGetValue((node, key), out var users) && (users > 1 || !Storage.IsAttached(_byIndex[node]!.Node.Name, key));

    /// <summary>The number of further volumes of the driver that the node can attach.</summary>
    internal int FreeVolumes(int node, string driver)
    {
        if (driver == VolumeDriver.Ebs.Name)
            return _rows[node].FreeVolumes;
        return _byIndex[node]!.Node.VolumeLimits.TryGetValue(driver, out var limit) ? limit - _volumes.Attached.GetValueOrDefault((node, driver)) : int.MaxValue;
    }

    /// <summary>
    /// The claims of a pod with single-node volumes that must first be detached from the last node. Ephemeral claims have no last node.
    /// </summary>
    internal IEnumerable<ClaimKey> ExclusiveClaimsOf(Pod pod)
    {
        for (var at = 0; at < pod.Claims.Length; at++)
        {
            var (key, use) = (pod.Claims[at], pod.Spec.Volumes[at]);
            if (use.Owner == ClaimOwner.Pod)
                continue;
            var request = Storage.Find(key)?.Request ?? use;
            var volume = BindingOf(key)?.Volume;
            var (driver, access) = volume is null ? (request.Class?.Driver, request.Access) : (volume.Driver, volume.Access);
            if (driver is { Attaches: true } && (access & VolumeAccess.Many) == VolumeAccess.None)
                yield return key;
        }
    }

    /// <summary>The attachments that the pod's volumes need (<c>filterAttachableVolumes</c> of NodeVolumeLimits); the same volume once.</summary>
    internal Attachment[] AttachmentsOf(Pod pod)
    {
        var attachments = new List<Attachment>(pod.Claims.Length);
        for (var at = 0; at < pod.Claims.Length; at++)
        {
            if (AttachmentOf(pod.Claims[at], pod.Spec.Volumes[at]) is { } attachment && !attachments.Contains(attachment))
                attachments.Add(attachment);
        }

        return [.. attachments];
    }

    private Attachment? AttachmentOf(ClaimKey key, VolumeClaim use)
    {
        if (use.Owner == ClaimOwner.None)
            return new Attachment(VolumeDriver.Ebs.Name, KeyOf(VolumeDriver.Ebs.Name, use.Name));
        if (BindingOf(key)?.Volume is { } volume)
            return volume.Driver is { } driver ? new Attachment(driver.Name, KeyOf(driver.Name, volume.Handle)) : null;
        var existing = Storage.Find(key);
        return (existing?.Request ?? use).Class is { } storageClass && (existing is not null || use.Owner != ClaimOwner.Other)
            ? new Attachment(storageClass.Driver.Name, $"{key}")
            : null;
    }

    private static string KeyOf(string driver, string handle) => new VolumeAttachment("", driver, handle).Key;

    /// <summary>Claims without a volume get one where the pod goes.</summary>
    private void BindVolumes(Pod pod, PodTemplate template, NodeState node)
    {
        if (template.HasOrdinaryVolumes)
        {
            foreach (var key in pod.Claims)
            {
                if (node.Node.Zone.Length > 0 && !_volumes.Bindings.ContainsKey(key))
                    Own().Bindings.Add(key, new ClaimBinding(node.Node.Zone));
            }

            return;
        }

        var claims = new PodClaims();
        claims.Load(this, pod);
        var found = new List<(PodClaim Claim, PersistentVolume Volume)>();
        claims.Match(node.Node, found);
        foreach (var (claim, volume) in found)
            Take(claim.Key, volume);
        foreach (var claim in claims.Unbound.Where(claim => !_volumes.Bindings.ContainsKey(claim.Key)))
        {
            var reach = claim.Request.Class!.Driver.Reach;
            if (reach != VolumeReach.Zone || node.Node.Zone.Length > 0)
                Own().Bindings.Add(claim.Key, new ClaimBinding(reach == VolumeReach.Anywhere ? "" : node.Node.Zone, reach == VolumeReach.Node ? node.Node.Name : null));
        }
    }

    private void CountVolumes(Pod pod, PodTemplate template, int node, int times)
    {
        if (template.HasOrdinaryVolumes)
        {
            _rows[node].FreeVolumes -= pod.Claims.Length * times;
            return;
        }

        var use = Own();
        if (times > 0)
            use.Counted[pod] = AttachmentsOf(pod);
        foreach (var attachment in use.Counted[pod])
            Attach(node, attachment, times);
        if (times < 0)
            use.Counted.Remove(pod);
        for (var at = 0; at < pod.Claims.Length; at++)
        {
            if (pod.Spec.Volumes[at].Owner == ClaimOwner.Other && Storage.Find(pod.Claims[at])?.Request.Access.HasFlag(VolumeAccess.ReadWriteOncePod) == true)
                VolumeUse.Add(use.Single, pod.Claims[at], times);
            else if (pod.Spec.Volumes[at].Owner == ClaimOwner.Pod && times < 0)
                Forget(pod.Claims[at]);
        }
    }

    private void Attach(int node, Attachment attachment, int times)
    {
        var use = Own();
        var before = use.Users.GetValueOrDefault((node, attachment.Key));
        VolumeUse.Add(use.Users, (node, attachment.Key), times);
        if ((before == 0) == (before + times == 0))
            return;
        if (attachment.Driver == VolumeDriver.Ebs.Name)
            _rows[node].FreeVolumes -= times;
        else
            VolumeUse.Add(use.Attached, (node, attachment.Driver), times);
    }

    /// <summary>Attached volumes in the API server's objects count, whether a pod uses them or not.</summary>
    private void AttachExisting(NodeState node)
    {
        foreach (var attachment in Storage.Attachments)
        {
            if (attachment.Node == node.Node.Name)
                Attach(node.Index, new Attachment(attachment.Driver, attachment.Key), 1);
        }
    }

    private void Take(ClaimKey key, PersistentVolume volume)
    {
        var use = Own();
        use.Bindings[key] = new ClaimBinding(volume.Zone, Volume: volume);
        use.Taken.Add(volume);
    }

    internal void Forget(ClaimKey key)
    {
        if (Storage.IsBound(key) || !_volumes.Bindings.ContainsKey(key))
            return;
        var use = Own();
        if (use.Bindings[key].Volume is { } volume)
            use.Taken.Remove(volume);
        use.Bindings.Remove(key);
    }

    /// <summary>A zone where no node suits the pod, otherwise one that differs from its other volumes, otherwise the next.</summary>
    private string WorstZone(Pod pod, StorageClass storageClass)
    {
        var admission = Catalog.TemplateOf(pod).Admission;
        var zones = _nodes.Where(node => node.Node.Zone.Length > 0 && (storageClass.Topologies.IsEmpty || storageClass.Topologies.Any(term => term.Matches(node.Node))))
            .GroupBy(node => node.Node.Zone).OrderBy(zone => zone.Key, StringComparer.Ordinal).ToList();
        if (zones.Count == 0)
            return storageClass.Topologies.SelectMany(term => term.Labels).FirstOrDefault(label => Labels.OfZone.Contains(label.Key))?.Values.FirstOrDefault() ?? "";
        var other = VolumeZoneOf(pod);
        return (zones.Find(zone => !zone.Any(node => admission.Holds(node)))
            ?? (other is null ? null : zones.Find(zone => zone.Key != other))
            ?? zones[pod.Ordinal % zones.Count]).Key;
    }

    private VolumeUse Own()
    {
        if (_volumes.Owner != _owner)
            _volumes = _volumes.CopyFor(_owner);
        return _volumes;
    }
}
