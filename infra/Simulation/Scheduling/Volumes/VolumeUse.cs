using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Volumes;

/// <summary>Which claims have volumes, and which volumes are on which node: the part of a cluster's state that copies share until one of them changes it.</summary>
internal sealed class VolumeUse
{
    private VolumeUse(object owner) => Owner = owner;

    /// <summary>What the controllers have bound already.</summary>
    public VolumeUse(object owner, StorageIndex storage)
    {
        Owner = owner;
        foreach (var (key, volume) in storage.Bound)
            Bindings.Add(key, new ClaimBinding(volume.Zone, Volume: volume));
    }

    /// <summary>Who may write into it.</summary>
    public object Owner { get; }

    public Dictionary<ClaimKey, ClaimBinding> Bindings { get; private init; } = [];

    /// <summary>Volumes that existed and were bound in the course of things.</summary>
    public HashSet<PersistentVolume> Taken { get; private init; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Pods that use a volume on a node, by index of the node and the volume's key. Only of pods whose volumes may be shared.</summary>
    public Dictionary<(int Node, string Key), int> Users { get; private init; } = [];

    /// <summary>Volumes of a driver on a node, but for those of EBS, which the node's row counts.</summary>
    public Dictionary<(int Node, string Driver), int> Attached { get; private init; } = [];

    /// <summary>What was counted for each pod, so that the same is counted out again.</summary>
    public Dictionary<Pod, Attachment[]> Counted { get; private init; } = [];

    /// <summary>Bound pods that use a claim which only one pod may.</summary>
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
