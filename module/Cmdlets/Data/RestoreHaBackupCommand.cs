using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Backups;

namespace HaCluster.Cmdlets.Data;

/// <summary>Restores namespaces of a Velero backup.</summary>
/// <remarks>
/// <para>Objects that exist are left as they are. With -IntoNamespace a namespace is restored beside the original: the way to test a backup.</para>
/// </remarks>
/// <example>
/// <para>See what would be restored.</para>
/// <code>Restore-HaBackup velero-volumes-20261129014200 -WhatIf</code>
/// </example>
/// <example>
/// <para>Test a backup in a namespace of its own.</para>
/// <code>Restore-HaBackup velero-volumes-20261129014200 -Namespace payments -IntoNamespace restore-test -Confirm:$false</code>
/// </example>
[Cmdlet(VerbsData.Restore, "HaBackup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class RestoreHaBackupCommand : OperationCmdlet
{
    /// <summary>Name of the backup, as Get-HaBackup lists it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(BackupCompleter))]
    [ValidateNotNullOrEmpty]
    public string Backup { get; set; } = null!;

    /// <summary>The namespace to restore. Default: all of the backup.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Namespace { get; set; }

    /// <summary>Restore -Namespace under this name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IntoNamespace { get; set; }

    /// <summary>How long to wait until the restore is complete, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 7200;

    protected override Task ProcessAsync() => IntoNamespace is not null && Namespace is null
        ? throw Errors.InvalidInput($"backup {Backup}", "-IntoNamespace is given without -Namespace", "Name the namespace to restore")
        : OperateAsync(new RestoreBackup(Backup, Namespace, IntoNamespace, TimeSpan.FromSeconds(TimeoutSeconds)));
}
