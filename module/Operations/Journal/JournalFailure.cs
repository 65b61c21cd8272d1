using HaCluster.Operations.Connecting;

namespace HaCluster.Operations.Journal;

/// <summary>What can be wrong with a journal, and what to do then.</summary>
internal static class JournalFailure
{
    public static HaClusterException Damaged(string source, string problem, Exception? inner) => new(
        FailureKind.JournalNotUsable, "", source, problem,
        "Nothing was done. Compare the cluster with the lines before it, then finish by hand or start the operation again: it detects what is already done", inner);

    public static HaClusterException Newer(string source, int schema) => new(
        FailureKind.JournalNotUsable, "", source, $"was written by a newer version of HaCluster (journal schema {schema}; this version reads up to {OperationBegun.CurrentSchema})",
        "Nothing was done. Update the module (Update-PSResource HaCluster), or resume where it was started");

    /// <summary>Of a version that noted no more than the name.</summary>
    public static HaClusterException UnknownCluster(string source, string cluster) => new(
        FailureKind.JournalNotUsable, "", source,
        $"does not identify its cluster: an older version of HaCluster wrote it, which recorded only the name ({cluster}), and this cluster has no record of it",
        "Nothing was done. If it was this cluster: finish by hand, or start the operation again, which detects what is already done");

    public static HaClusterException OtherCluster(string source, string cluster, ClusterIdentity begun, string here, ClusterIdentity own) => new(
        FailureKind.InvalidInput, "", source, $"is an operation of another cluster: {cluster} ({begun}), and this is {here} ({own})",
        begun.Uid == own.Uid ? "Connect to it with credentials of that account and region" : "Connect to that cluster first (Connect-HaCluster)");

    public static HaClusterException NotRead(string source, Exception inner) => new(
        FailureKind.JournalNotUsable, "", source, $"cannot be read: {inner.Message.TrimEnd('.')}", "Nothing was done. Check the permissions of the file", inner);

    public static HaClusterException NotWritten(string source, Exception inner) => new(
        FailureKind.JournalNotUsable, "", source, $"cannot be written: {inner.Message.TrimEnd('.')}",
        "The operation stopped, and no step is begun that is not recorded. Free space, or set XDG_DATA_HOME to another disk, then resume the operation", inner);

    public static HaClusterException InUse(string source, Exception inner) => new(
        FailureKind.OperationRunning, "", source, "is in use by another process of this machine", "Wait for it, or stop it: Stop-HaOperation", inner);

    public static HaClusterException Missing(string id, string folder) => new(
        FailureKind.NotFound, "", id, $"there is no such operation in {folder}, and no record of it in the cluster", "Get-HaOperation lists the operations");
}
