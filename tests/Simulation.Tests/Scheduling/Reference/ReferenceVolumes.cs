using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Tests.Scheduling.Reference;

/// <summary>The rules about volumes, counted afresh for every node. Only which claim got which volume is taken from the cluster: that is its past.</summary>
internal sealed class ReferenceVolumes(ClusterState state, Pod pod)
{
    public FilterReason[] Refusals(NodeState node)
    {
        if (IsInUse(node))
            return [FilterReason.VolumeInUse];
        if (IsFull(node))
            return [FilterReason.VolumeLimit];
        FilterReason[] binding = [.. Binding(node.Node)];
        return binding.Length > 0 ? binding : HasOtherLabels(node.Node) ? [FilterReason.VolumeZoneLabel] : [];
    }

    private bool IsInUse(NodeState node) =>
        Claims(pod).Any(mine => mine.Use.Owner == ClaimOwner.Other && mine.Request.Access.HasFlag(VolumeAccess.ReadWriteOncePod)
            && state.Nodes.SelectMany(other => other.Pods).Any(other => Claims(other).Any(theirs => theirs.Use.Owner == ClaimOwner.Other && theirs.Key == mine.Key)))
        || Disks(pod).Intersect(node.Pods.SelectMany(Disks)).Any();

    private bool IsFull(NodeState node)
    {
        var before = node.Pods.SelectMany(Attached).ToHashSet();
        var added = Attached(pod).Where(one => !before.Contains(one)).ToHashSet();
        return added.GroupBy(one => one.Driver).Any(driver =>
            node.Node.VolumeLimits.TryGetValue(driver.Key, out var limit) && driver.Count() + before.Count(one => one.Driver == driver.Key) > limit);
    }

    private IEnumerable<FilterReason> Binding(Node node)
    {
        if (Claims(pod).Any(claim => claim.Binding is { } binding && !Reaches(binding, node)))
            yield return FilterReason.VolumeZone;
        // No pod has two claims that could be bound to the same volume.
        if (Claims(pod).Any(claim => claim.Binding is null && !CanBind(claim, node)))
            yield return FilterReason.VolumeUnavailable;
    }

    private bool CanBind((VolumeClaim Use, ClaimKey Key, PersistentVolumeClaim? Existing, VolumeClaim Request, ClaimBinding? Binding) claim, Node node)
    {
        if (claim.Existing?.SelectedNode is { } selected && selected != node.Name)
            return false;
        var taken = RandomStorage.Storage.Claims.Select(one => state.BindingOf(new ClaimKey(one.Namespace, one.Name))?.Volume?.Name).ToHashSet();
        return RandomStorage.Storage.Volumes.Any(volume => !taken.Contains(volume.Name) && volume.StorageClass == (claim.Request.StorageClass ?? "")
                && volume.Bytes >= claim.Request.Bytes && volume.Nodes.Any(term => term.Matches(node)))
            || (claim.Request.Class is { Driver.Provisions: true } made && (made.Topologies.IsEmpty || made.Topologies.Any(term => term.Matches(node))));
    }

    private static bool Reaches(ClaimBinding binding, Node node) => binding.Volume is { } volume
        ? volume.Nodes.IsEmpty || volume.Nodes.Any(term => term.Matches(node))
        : binding.Zone.Length == 0 || binding.Zone == node.Zone;

    private bool HasOtherLabels(Node node) => node.Labels.TryGetValue(Labels.Zone, out var zone) && Claims(pod).Any(claim =>
        claim.Binding?.Volume?.Labels.Values.Any(value => !value.Split("__").Contains(zone)) == true);

    private IEnumerable<(string Driver, string Key)> Attached(Pod other) =>
    [
        .. Claims(other)
            .Select(claim => claim.Binding?.Volume is { } volume
                ? volume.Driver is { } driver ? (driver.Name, volume.Handle) : ("", "")
                : (claim.Request.Class?.Driver.Name ?? "", $"claim {claim.Key}"))
            .Where(one => one.Item1.Length > 0),
        .. Disks(other).Select(disk => (VolumeDriver.Ebs.Name, disk)),
    ];

    private static IEnumerable<string> Disks(Pod other) => other.Spec.Volumes.Where(volume => volume.Owner == ClaimOwner.None).Select(volume => volume.Name);

    private IEnumerable<(VolumeClaim Use, ClaimKey Key, PersistentVolumeClaim? Existing, VolumeClaim Request, ClaimBinding? Binding)> Claims(Pod other) =>
        from at in Enumerable.Range(0, other.Spec.Volumes.Length)
        let use = other.Spec.Volumes[at]
        where use.Owner != ClaimOwner.None
        let key = other.Claims[at]
        let existing = state.Storage.Find(key)
        select (use, key, existing, existing?.Request ?? use, state.BindingOf(key));
}
