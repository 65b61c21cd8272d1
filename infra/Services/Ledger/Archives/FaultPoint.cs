namespace HaCluster.Ledger.Archives;

/// <summary>Places of the write path at which a process may be killed, in their order: <see cref="Services.IFaultPoints"/>.</summary>
internal static class FaultPoint
{
    public const string BatchDecided = "batch-decided";
    public const string SpoolTorn = "spool-torn";
    public const string SpoolWritten = "spool-written";
    public const string SpoolSynced = "spool-synced";
    public const string ArchiveTorn = "archive-torn";
    public const string ArchiveSynced = "archive-synced";
    public const string ArchiveLinked = "archive-linked";
    public const string ArchiveStored = "archive-stored";
    public const string BatchCommitted = "batch-committed";
    public const string BatchAcknowledged = "batch-acknowledged";
    public const string CheckpointSigned = "checkpoint-signed";
    public const string CheckpointStored = "checkpoint-stored";

    public static readonly string[] All =
    [
        BatchDecided, SpoolTorn, SpoolWritten, SpoolSynced, ArchiveTorn, ArchiveSynced, ArchiveLinked, ArchiveStored, BatchCommitted, BatchAcknowledged,
        CheckpointSigned, CheckpointStored,
    ];
}
