using HaCluster.Operations.Running;

namespace HaCluster.Operations.Backups;

/// <summary>Restores namespaces of a Velero backup. Objects that exist are left as they are.</summary>
/// <param name="Namespace">Null: all of the backup.</param>
/// <param name="IntoNamespace">Another namespace to restore <paramref name="Namespace"/> into; null: the same.</param>
public sealed record RestoreBackup(string Backup, string? Namespace, string? IntoNamespace, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Restore-HaBackup";

    public override string Target => $"backup {Backup}";
}
