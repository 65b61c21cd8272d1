using System.Collections.Frozen;
using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Volumes;

/// <summary>
/// The claims and volumes that exist, after the controller that binds them has looked at each
/// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/volume/persistentvolume/pv_controller.go).
/// </summary>
internal sealed class StorageIndex
{
    public static readonly StorageIndex Empty = new(ClusterStorage.Empty);

    private readonly Dictionary<ClaimKey, PersistentVolumeClaim> _claims = [];
    private readonly Dictionary<ClaimKey, PersistentVolume> _bound = [];
    private readonly Dictionary<ClaimKey, ClaimFault> _faults = [];
    private readonly FrozenDictionary<string, ImmutableArray<PersistentVolume>> _unbound;
    private readonly FrozenSet<string> _namespaces;
    private readonly FrozenSet<(string Node, string Key)> _attached;

    public StorageIndex(ClusterStorage storage)
    {
        Attachments = storage.Attachments;
        _attached = storage.Attachments.Select(attachment => (attachment.Node, attachment.Key)).ToFrozenSet();
        var volumes = storage.Volumes.DistinctBy(volume => volume.Name).ToDictionary(volume => volume.Name, StringComparer.Ordinal);
        foreach (var claim in storage.Claims)
            _claims.TryAdd(new ClaimKey(claim.Namespace, claim.Name), claim);
        _namespaces = storage.Claims.Select(claim => claim.Namespace).ToFrozenSet(StringComparer.Ordinal);
        var taken = new HashSet<PersistentVolume>(ReferenceEqualityComparer.Instance);
        foreach (var (key, claim) in _claims.Where(entry => entry.Value.Volume is not null || entry.Value.WasBound))
            Bind(key, claim, volumes, taken);
        var free = volumes.Values.Where(volume => !taken.Contains(volume)).OrderBy(volume => volume.Bytes).ThenBy(volume => volume.Name, StringComparer.Ordinal).ToList();
        foreach (var (key, claim) in _claims.Where(entry => entry.Value.Volume is null && !entry.Value.WasBound))
        {
            var volume = free.Find(one => one.Claim == (key.Namespace, key.Name) && one.Bytes >= claim.Request.Bytes && one.IsBlock == claim.Request.IsBlock)
                ?? (claim.Request.Class is { WaitsForPod: true } ? null : free.Find(one => Suits(one, claim.Request)));
            if (volume is null)
                continue;
            _bound.Add(key, volume);
            free.Remove(volume);
        }

        // The claim of a StatefulSet's pod finds its volume as soon as it is created.
        foreach (var volume in free)
        {
            if (volume is { Claim: { } claim, IsAvailable: true } && !_claims.ContainsKey(new ClaimKey(claim.Namespace, claim.Name)))
                _bound.TryAdd(new ClaimKey(claim.Namespace, claim.Name), volume);
        }

        _unbound = free.Where(volume => volume.Claim is null && volume.IsAvailable).GroupBy(volume => volume.StorageClass)
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);
        HasVolumes = !storage.Volumes.IsEmpty || !storage.Attachments.IsEmpty;
    }

    public ImmutableArray<VolumeAttachment> Attachments { get; }

    /// <summary>As in the API server's objects, whether a pod uses the volume or not.</summary>
    public bool IsAttached(string node, string key) => _attached.Contains((node, key));

    /// <summary>Whether there are volumes that claims can be bound to.</summary>
    public bool HasVolumes { get; }

    public IEnumerable<KeyValuePair<ClaimKey, PersistentVolume>> Bound => _bound;

    public bool HasClaimsIn(string @namespace) => _namespaces.Contains(@namespace);

    public PersistentVolumeClaim? Find(ClaimKey key) => _claims.GetValueOrDefault(key);

    public bool IsBound(ClaimKey key) => _bound.ContainsKey(key);

    /// <summary>The problem between the claim and the volume that it names; null when there is none.</summary>
    public ClaimFault? FaultOf(ClaimKey key) => _faults.GetValueOrDefault(key);

    /// <summary>Unclaimed volumes of a class, smallest first.</summary>
    public ImmutableArray<PersistentVolume> UnboundOf(string? storageClass) => _unbound.GetValueOrDefault(storageClass ?? "", []);

    /// <summary>
    /// Whether the volume matches the claim (<c>FindMatchingVolume</c> in staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go).
    /// </summary>
    public static bool Suits(PersistentVolume volume, VolumeClaim request) =>
        volume.IsAvailable && volume.Claim is null && IsEnough(volume, request) && request.Selector?.Matches(volume.Labels) != false;

    /// <summary>Whether a node reaches it.</summary>
    public static bool IsReachedFrom(PersistentVolume volume, Node node) => volume.Nodes.IsEmpty || volume.Nodes.Any(term => term.Matches(node));

    private static bool IsEnough(PersistentVolume volume, VolumeClaim request) =>
        volume.Bytes >= request.Bytes && volume.IsBlock == request.IsBlock && volume.StorageClass == (request.StorageClass ?? "")
        && (request.Access & ~volume.Access) == VolumeAccess.None;

    private void Bind(ClaimKey key, PersistentVolumeClaim claim, Dictionary<string, PersistentVolume> volumes, HashSet<PersistentVolume> taken)
    {
        var volume = claim.Volume is null ? null : volumes.GetValueOrDefault(claim.Volume);
        var wrong = volume is null ? claim.Volume is null ? "its volume is gone" : $"volume {claim.Volume} does not exist"
            : volume.Claim is { } other ? other == (key.Namespace, key.Name) ? null : $"volume {volume.Name} is for claim {other.Namespace}/{other.Name}"
            : taken.Contains(volume) ? $"volume {volume.Name} is bound to another claim"
            : claim.WasBound || IsEnough(volume, claim.Request) ? null
            : $"volume {volume.Name} differs from what the claim asks for: size, access modes, volume mode or storage class";
        if (wrong is null)
        {
            _bound.Add(key, volume!);
            taken.Add(volume!);
        }
        else
        {
            _faults.Add(key, claim.WasBound
                ? new ClaimFault(ClaimFaultKind.Lost, $"{key}", $"persistentvolumeclaim \"{key.Name}\" bound to non-existent persistentvolume \"{claim.Volume}\"", wrong)
                : new ClaimFault(ClaimFaultKind.WrongVolume, $"{key}", ClaimFault.Unbound, $"claim {key}: {wrong}"));
        }
    }
}
