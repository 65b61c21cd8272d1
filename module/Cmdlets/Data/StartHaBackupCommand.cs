using System.Management.Automation;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Backups;

namespace HaCluster.Cmdlets.Data;

/// <summary>Takes a backup now, and waits until it is complete.</summary>
/// <remarks>
/// <para>cluster: a Velero backup as its schedule takes it. chains: snapshots of the volumes of a set of chain nodes. logs: a snapshot of OpenSearch. databases: a snapshot of a database cluster.</para>
/// </remarks>
/// <example>
/// <para>Back up the objects and volumes of the cluster.</para>
/// <code>Start-HaBackup</code>
/// </example>
/// <example>
/// <para>Snapshot the volumes of one chain.</para>
/// <code>Start-HaBackup -Scope chains -Name bitcoin</code>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "HaBackup", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class StartHaBackupCommand : OperationCmdlet
{
    /// <summary>What is backed up.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("cluster", "chains", "logs", "databases")]
    public string Scope { get; set; } = "cluster";

    /// <summary>The schedule, the set of chain nodes or the database. Default: all of the scope.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>How long to wait until the backup is complete, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 7200;

    protected override Task ProcessAsync() => OperateAsync(new StartBackup(Scope, Name, TimeSpan.FromSeconds(TimeoutSeconds)));
}
