using System.Text.Json.Nodes;

namespace HaCluster.Twin.Storage;

public enum AdmissionOperation
{
    Create,
    Update,
    Delete,
}

/// <summary>A write that is about to happen.</summary>
/// <param name="Object">What will be stored; an admission may change it. Null for a deletion.</param>
/// <param name="Old">What is stored now; null for a creation.</param>
public sealed record AdmissionRequest(ObjectStore Store, AdmissionOperation Operation, ResourceKind Kind, JsonObject? Object, StoredObject? Old, bool DryRun);

/// <summary>
/// Looks at every write, of clients as of the world's controllers, while the store is locked: what it reads there cannot change before the write.
/// It fills in defaults or refuses with a <see cref="StatusException"/>. It must be quick, and must not wait.
/// </summary>
public interface IAdmission
{
    void Admit(AdmissionRequest request);

    /// <summary>Told of every change right after it, still under the lock, so that what it keeps is never behind.</summary>
    void Follow(ObjectStore store, WatchEvent change)
    {
    }
}
