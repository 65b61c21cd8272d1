using HaCluster.Operations.Running;

namespace HaCluster.Operations.Backups;

/// <summary>Takes a backup now, and waits until it is complete.</summary>
/// <param name="Scope"><c>cluster</c> (Velero, from its schedule), <c>chains</c> (volume snapshots of a set), <c>logs</c> (OpenSearch) or <c>databases</c>.</param>
/// <param name="Name">The schedule, the chain set or the database; null: all of the scope.</param>
public sealed record StartBackup(string Scope, string? Name, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Start-HaBackup";

    public override string Target => Name is null ? $"backup of {Scope}" : $"backup of {Scope} {Name}";
}
