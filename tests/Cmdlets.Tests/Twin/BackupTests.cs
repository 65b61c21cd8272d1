using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>Backups and volume snapshots, where the twin serves their kinds.</summary>
[Collection(TwinCollection.Name)]
public sealed class BackupTests(TwinFixture twin)
{
    [SkippableFact]
    public void A_backup_is_made_and_restored_into_another_namespace()
    {
        var started = RunOrSkip("Start-HaBackup -PassThru -Confirm:$false").Clean().Single<OperationResult>();
        Assert.Equal(OperationState.Succeeded, started.State);
        var backup = twin.Shell.Run("Get-HaBackup | Where-Object CompletedAt | Sort-Object StartedAt | Select-Object -Last 1").Clean().Single<BackupStatus>();
        Assert.Equal(Health.Healthy, backup.Health);
        twin.Shell.Run($"Restore-HaBackup {backup.Name} -Namespace platform -IntoNamespace restored -WhatIf").Clean();
        var restored = twin.Shell.Run($"Restore-HaBackup {backup.Name} -Namespace platform -IntoNamespace restored -PassThru -Confirm:$false").Clean().Single<OperationResult>();
        Assert.Equal(OperationState.Succeeded, restored.State);
    }

    [SkippableFact]
    public void A_chain_replica_is_made_again()
    {
        // The twin takes no snapshots of volumes: a node would start empty, which has to be wanted.
        Assert.Contains("no ready snapshot", Assert.Single(RunOrSkip("Restore-HaChainReplica bitcoin-1 -Confirm:$false").Errors).ToString(), StringComparison.Ordinal);
        var restored = twin.Shell.Run("Restore-HaChainReplica bitcoin-1 -Force -PassThru -Confirm:$false 3>$null").Clean().Single<OperationResult>();
        Assert.Equal(OperationState.Succeeded, restored.State);
        twin.Shell.Run(Shell.Until("(Get-HaWorkload bitcoin).Ready -ge 3")).Clean();
        Assert.Equal(3, twin.Shell.Run("Get-HaWorkload bitcoin").Clean().Single<WorkloadStatus>().Ready);
    }

    private ShellResult RunOrSkip(string command)
    {
        var result = twin.Shell.Run(command);
        Skip.If(result.Errors.Any(error => error.ToString().Contains("does not serve this kind", StringComparison.Ordinal)), "the twin does not serve the kinds of Velero and of volume snapshots");
        return result;
    }
}
