namespace HaCluster.Twin.Storage;

public enum WatchEventType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One change.</summary>
/// <param name="Object">The object after the change; for a deletion its last state with the resource version of the deletion.</param>
/// <param name="Old">The object before the change; null when it was created.</param>
public sealed record WatchEvent(WatchEventType Type, StoredObject Object, StoredObject? Old)
{
    public long ResourceVersion => Object.ResourceVersion;
}
