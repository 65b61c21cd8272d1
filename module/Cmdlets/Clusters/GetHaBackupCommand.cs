using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Clusters;

/// <summary>Shows the backups of Velero, the newest first.</summary>
/// <example>
/// <para>The ten newest backups.</para>
/// <code>Get-HaBackup | Select-Object -First 10</code>
/// </example>
/// <example>
/// <para>Backups that failed.</para>
/// <code>Get-HaBackup | Where-Object Health -ne Healthy</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaBackup")]
[OutputType(typeof(BackupStatus))]
public sealed class GetHaBackupCommand : ConnectedCmdlet
{
    /// <summary>Names of backups; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(BackupCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Only backups of these schedules.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Schedule { get; set; }

    protected override async Task ProcessAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadBackupsAsync);
        WriteMissing(view.Items, Name, backup => backup.Name, "backup");
        WriteOf(Matching(Matching(view.Items, Name, backup => backup.Name), Schedule, backup => backup.Schedule)
            .OrderByDescending(backup => backup.StartedAt), view.Unknown);
    }
}
