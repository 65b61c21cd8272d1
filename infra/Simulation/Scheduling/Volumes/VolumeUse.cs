using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Volumes;

/// <summary>The volumes of claims and their attachments to nodes: the part of a cluster's state that copies share until one of them changes it.</summary>
internal sealed class VolumeUse
{
    private VolumeUse(object owner) => Owner = owner;

    /// <summary>Claims already bound by the controllers.</summary>
    public VolumeUse(object owner, StorageIndex storage)
    {
        Owner = owner;
        foreach (var (key, volume) in storage.Bound)
            Bindings.Add(key, new ClaimBinding(volume.Zone, Volume: volume));
    }

    /// <summary>The state that may write to it.</summary>
    public object Owner { get; }

    public Dictionary<ClaimKey, ClaimBinding> Bindings { get; private init; } = [];

    /// <summary>Pre-existing volumes that were bound during the simulation.</summary>
    public HashSet<PersistentVolume> Taken { get; private init; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Pods that use a volume on a node, by index of the node and the volume's key. Only for volumes that can be shared.</summary>
    public Dictionary<(int Node, string Key), int> Users { get; private init; } = [];

    /// <summary>Volumes of a driver on a node, except EBS volumes, which the node's row counts.</summary>
    public Dictionary<(int Node, string Driver), int> Attached { get; private init; } = [];

    /// <summary>The amounts counted for each pod, so that the same amounts are subtracted again.</summary>
    public Dictionary<Pod, Attachment[]> Counted { get; private init; } = [];

    /// <summary>Bound pods that use a claim that only one pod can use.</summary>
    public Dictionary<ClaimKey, int> Single { get; private init; } = [];

    public VolumeUse CopyFor(object owner) => new(owner)
    {
        Bindings = new Dictionary<ClaimKey, ClaimBinding>(Bindings),
        Taken = new HashSet<PersistentVolume>(Taken, ReferenceEqualityComparer.Instance),
        Users = new Dictionary<(int, string), int>(Users),
        Attached = new Dictionary<(int, string), int>(Attached),
        Counted = new Dictionary<Pod, Attachment[]>(Counted),
        Single = new Dictionary<ClaimKey, int>(Single),
    };

    public static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int amount)
        where TKey : notnull
    {
        var sum = counts.GetValueOrDefault(key) + amount;
        if (sum == 0)
            counts.Remove(key);
        else
            counts[key] = sum;
    }
}
