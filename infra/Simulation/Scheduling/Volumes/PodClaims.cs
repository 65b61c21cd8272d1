using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Volumes;

/// <summary>
/// The claims of the current pod for the volume filters: the result of <c>PreFilter</c> of kube-scheduler's VolumeRestrictions and VolumeBinding
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/volumebinding/volume_binding.go and binder.go beside it).
/// </summary>
internal sealed class PodClaims
{
    private readonly List<PodClaim> _bound = [];
    private readonly List<PodClaim> _unbound = [];
    private ClusterState _state = null!;
    private Pod _pod = null!;

    /// <summary>Why no node can take the pod; null when nothing is wrong with its claims.</summary>
    public ClaimFault? Fault { get; private set; }

    /// <summary>Why the pod fails on the node that it was scheduled to; null when it does not.</summary>
    public ClaimFault? LateFault { get; private set; }

    public IReadOnlyList<PodClaim> Bound => _bound;

    /// <summary>Volumes to find or create on the pod's node, smallest first.</summary>
    public IReadOnlyList<PodClaim> Unbound => _unbound;

    /// <summary>Resets for the next pod.</summary>
    public void Clear()
    {
        (Fault, LateFault) = (null, null);
        _bound.Clear();
        _unbound.Clear();
    }

    public void Load(ClusterState state, Pod pod)
    {
        Clear();
        (_state, _pod) = (state, pod);
        ClaimFault? first = null, immediate = null;
        for (var at = 0; at < pod.Spec.Volumes.Length; at++)
        {
            var use = pod.Spec.Volumes[at];
            if (use.Owner == ClaimOwner.None)
                continue;
            var key = pod.Claims[at];
            var existing = state.Storage.Find(key);
            if (existing is null && use.Owner == ClaimOwner.Other)
            {
                // VolumeRestrictions needs all of them first.
                Fault = new ClaimFault(ClaimFaultKind.Missing, $"{key}", $"persistentvolumeclaim \"{key.Name}\" not found");
                return;
            }

            first ??= FaultOf(key, use, existing);
            var claim = new PodClaim(key, existing?.Request ?? use, existing, state.BindingOf(key));
            if (claim.Binding is not null)
                _bound.Add(claim);
            else if (claim.Request.Class is { WaitsForPod: true } && existing?.Volume is null)
                LateFault ??= Wait(claim);
            else
                immediate ??= state.Storage.FaultOf(key) ?? Immediate(key, claim.Request);
        }

        Fault = first ?? immediate;
        if (_unbound.Count > 1)
            _unbound.Sort((left, right) => left.Request.Bytes.CompareTo(right.Request.Bytes));
    }

    /// <summary>
    /// The existing volumes for its unbound claims on a node: the smallest match for each, none twice. False when a volume can neither be found
    /// nor created there.
    /// </summary>
    public bool Match(Node node, List<(PodClaim Claim, PersistentVolume Volume)>? found = null)
    {
        List<PersistentVolume>? chosen = null;
        foreach (var claim in _unbound)
        {
            if (claim.Existing?.SelectedNode is { } selected)
            {
                if (selected != node.Name)
                    return false;
            }
            else if (Find(claim, node, chosen) is { } volume)
            {
                (chosen ??= []).Add(volume);
                found?.Add((claim, volume));
                continue;
            }

            if (!CanMake(claim.Request, node))
                return false;
        }

        return true;
    }

    /// <summary>Details about an unschedulable pod that kube-scheduler omits; null for none.</summary>
    public string? Note()
    {
        foreach (var claim in _bound)
        {
            var binding = claim.Binding!.Value;
            if (binding.IsMadeBeforePlacement)
            {
                return $"claim {claim.Key}: storage class {claim.Request.Class?.Name} creates volumes immediately (volumeBindingMode: Immediate), at worst in zone {binding.Zone}, "
                    + "before the pod has a node; use a class with WaitForFirstConsumer";
            }

            if (binding.Volume is { } volume && !_state.Nodes.Any(node => StorageIndex.IsReachedFrom(volume, node.Node)))
                return $"claim {claim.Key} is bound to volume {volume.Name}{(volume.Zone.Length > 0 ? $" in zone {volume.Zone}" : "")}, which no node of the cluster can reach";
            if (claim.Request.Owner == ClaimOwner.Other && binding.Zone.Length > 0)
                return $"claim {claim.Key} has one volume, in zone {binding.Zone}: pods that use it must run there";
        }

        foreach (var claim in _unbound)
        {
            var storageClass = claim.Request.Class!;
            if (!storageClass.Driver.Provisions)
                return $"claim {claim.Key}: storage class {storageClass.Name} does not create volumes, and no existing one is available";
            if (!storageClass.Topologies.IsEmpty && !_state.Nodes.Any(node => CanMake(claim.Request, node.Node)))
                return $"claim {claim.Key}: the allowedTopologies of storage class {storageClass.Name} match no node of the cluster";
        }

        return null;
    }

    private static bool CanMake(VolumeClaim request, Node node) =>
        request.Class is { Driver.Provisions: true } storageClass && (storageClass.Topologies.IsEmpty || storageClass.Topologies.Any(term => term.Matches(node)));

    private PersistentVolume? Find(PodClaim claim, Node node, List<PersistentVolume>? chosen)
    {
        foreach (var volume in _state.Storage.UnboundOf(claim.Request.StorageClass))
        {
            if (StorageIndex.Suits(volume, claim.Request) && StorageIndex.IsReachedFrom(volume, node) && !_state.IsTaken(volume) && chosen?.Contains(volume) != true)
                return volume;
        }

        return null;
    }

    private ClaimFault? Wait(PodClaim claim)
    {
        _unbound.Add(claim);
        var (request, storageClass) = (claim.Request, claim.Request.Class!);
        if (!storageClass.Driver.Provisions || Lacking(request) is not { } lacking || _state.Storage.UnboundOf(request.StorageClass).Any(volume => StorageIndex.Suits(volume, request)))
            return null;
        return new ClaimFault(ClaimFaultKind.AccessMode, $"{claim.Key}", "running PreBind plugin \"VolumeBinding\": binding volumes: context deadline exceeded", lacking(claim.Key)) { IsLate = true };
    }

    private static Func<ClaimKey, string>? Lacking(VolumeClaim request)
    {
        var driver = request.Class!.Driver;
        return driver.Lacks(request.Access, request.IsBlock) is var lacks and not VolumeAccess.None
            ? key => $"claim {key}: {driver.Name} creates no {(request.IsBlock ? "block " : "")}volumes with access mode {lacks} (ProvisioningFailed)"
            : null;
    }

    private ClaimFault? FaultOf(ClaimKey key, VolumeClaim use, PersistentVolumeClaim? existing)
    {
        if (existing is null)
            return null;
        if (_state.Storage.FaultOf(key) is { Kind: ClaimFaultKind.Lost } lost)
            return lost;
        if (existing.IsDeleted)
            return new ClaimFault(ClaimFaultKind.BeingDeleted, $"{key}", $"persistentvolumeclaim \"{key.Name}\" is being deleted");
        return use.Owner == ClaimOwner.Pod && existing.Pod != _pod.Name
            ? new ClaimFault(ClaimFaultKind.OfAnotherPod, $"{key}", $"PVC {key} was not created for pod {_pod} (pod is not owner)")
            : null;
    }

    private static ClaimFault Immediate(ClaimKey key, VolumeClaim request)
    {
        var (kind, why) = request switch
        {
            { StorageClass: null or "" } => (ClaimFaultKind.NoClass, "it names no storage class, the cluster has no default class, and no volume without a class is available"),
            { Class: null } => (ClaimFaultKind.UnknownClass, $"the cluster has no storage class {request.StorageClass}, and no volume of that class is available"),
            { Class.Driver.Provisions: false } => (ClaimFaultKind.NoVolume, $"storage class {request.StorageClass} does not create volumes, and no existing one is available"),
            _ when request.Class.Driver.Lacks(request.Access, request.IsBlock) is var lacks and not VolumeAccess.None =>
                (ClaimFaultKind.AccessMode, $"{request.Class.Driver.Name} creates no {(request.IsBlock ? "block " : "")}volumes with access mode {lacks} (ProvisioningFailed)"),
            _ => (ClaimFaultKind.NotYetBound, $"storage class {request.StorageClass} creates volumes immediately (volumeBindingMode: Immediate), and this one does not exist"),
        };
        return new ClaimFault(kind, $"{key}", ClaimFault.Unbound, $"claim {key}: {why}");
    }
}

/// <summary>A claim of a pod.</summary>
/// <param name="Existing">Null for one that is created with the pod.</param>
/// <param name="Binding">Null when it has no volume.</param>
internal readonly record struct PodClaim(ClaimKey Key, VolumeClaim Request, PersistentVolumeClaim? Existing, ClaimBinding? Binding);
