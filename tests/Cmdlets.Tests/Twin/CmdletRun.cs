using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>How a cmdlet is run on the twin.</summary>
/// <param name="Cmdlet">Its name.</param>
/// <param name="Command">Run with -WhatIf first where it can be, then for real; its output is <c>$result</c>.</param>
/// <param name="Check">True afterwards, and false before and after -WhatIf.</param>
/// <param name="Setup">Run before.</param>
/// <param name="Cleanup">Leaves the twin as it was.</param>
internal sealed record CmdletRun(string Cmdlet, string Command, string Check, string Setup = "", string Cleanup = "")
{
    private const string Front = "-Namespace chains -Name bitcoin-front";
    private const string Newer = "public.ecr.aws/docker/library/haproxy:3.2.25-alpine";
    /// <summary>A node that another test took away comes back by itself.</summary>
    private static readonly string ChainsReady = Shell.Until("($chains = @(Get-HaChain bitcoin)).Count -ge 3 -and $chains.IsReady -notcontains $false");

    private const string IsNewer = $"(Get-HaWorkload bitcoin-front).Images -contains '{Newer}'";

    /// <summary>Begins an operation in another runspace that would watch for long, and waits until it does.</summary>
    private const string Begin = $$"""
        $job = 1 | ForEach-Object -AsJob -Parallel { Import-Module $using:manifest; Update-HaWorkload {{Front}} -Image {{Newer}} -ObserveSeconds $using:seconds -ErrorAction SilentlyContinue }
        do { Start-Sleep -Milliseconds 100; $begun = Get-HaOperation -State Running | Where-Object StepsDone -eq 2 } until ($begun -or $job.State -ne 'Running')
        if (-not $begun) { throw "the operation was not seen to run: its job is $($job.State)" }
        """;

    private const string Stop = "Stop-HaOperation $begun.Id -Confirm:$false 6>$null; [void] ($job | Receive-Job -Wait -AutoRemoveJob)";

    public static IReadOnlyList<CmdletRun> All { get; } =
    [
        // See
        new("Get-HaCluster", "Get-HaCluster", "$result.Zones.Count -eq 3"),
        new("Get-HaZone", "Get-HaZone $zone", "$result.Name -eq $zone"),
        new("Get-HaNode", "Get-HaNode -Zone $zone -Pool 'general*'", "$result.Zone -contains $zone"),
        new("Get-HaWorkload", "Get-HaWorkload -Namespace chains -Kind StatefulSet", "$result.Name -contains 'bitcoin'"),
        new("Get-HaQuota", "Get-HaQuota platform -MinPercent 1", "$result.Count -gt 3"),
        new("Get-HaDatabase", "Get-HaDatabase *mysql", "$result.Instances.Count -eq 3"),
        new("Get-HaChain", "Get-HaChain bitcoin", "$result.Count -eq 3 -and $result.IsReady -notcontains $false", ChainsReady),
        new("Get-HaLedger", "Get-HaLedger pay*", "$result.Stream -eq 'payments' -and $result.Health -eq 'Healthy' -and $result.Instances -eq 3"),
        new("Test-HaLedger", "Test-HaLedger", "$result.Passed -and (Test-HaLedger -Quiet)"),
        new("Get-HaAlert", "Get-HaAlert -Name HaTestAlert", "$result.Name -contains 'HaTestAlert'", "Test-HaAlert 6>$null"),
        new("Get-HaBackup", "Get-HaBackup", "$result.Count -ge 0"),
        new("Get-HaNodePool", "Get-HaNodePool -Pool stateful", "$result.Count -eq 3"),
        new("Test-HaCluster", "Test-HaCluster", "$result.Proof.Holds"),

        // Connections
        new("Connect-HaCluster", "Connect-HaCluster -Local -Name second", "(Get-HaConnection second).IsCurrent", Cleanup: "Disconnect-HaCluster second"),
        new("Get-HaConnection", "Get-HaConnection", "$result.Stack -eq 'prod'"),
        new("Disconnect-HaCluster", "Disconnect-HaCluster second", "-not (Get-HaConnection second)", "[void] (Connect-HaCluster -Local -Name second)"),

        // Zones
        new("Start-HaZoneShift", "Start-HaZoneShift $zone -Hours 1", "(Get-HaZoneShift $zone).Count -eq 2", Cleanup: "Stop-HaZoneShift $zone 6>$null"),
        new("Get-HaZoneShift", "Get-HaZoneShift", "$result.Zone -contains $zone", "Start-HaZoneShift $zone 6>$null", "Stop-HaZoneShift $zone 6>$null"),
        new("Stop-HaZoneShift", "Stop-HaZoneShift $zone", "-not (Get-HaZoneShift $zone)", "Start-HaZoneShift $zone 6>$null"),
        new("Switch-HaZone", "Switch-HaZone $zone", "(Get-HaZone $zone) | ForEach-Object { $_.CordonedNodes -eq $_.Nodes -and $_.Shift }", Cleanup: "Restore-HaZone $zone -Confirm:$false 6>$null"),
        new("Restore-HaZone", "Restore-HaZone $zone", "(Get-HaZone $zone) | ForEach-Object { -not $_.CordonedNodes -and -not $_.Shift }", "Switch-HaZone $zone -Confirm:$false 6>$null"),

        // Nodes
        new("Suspend-HaNode", "Suspend-HaNode $node", "(Get-HaNode $node).IsCordoned", Cleanup: "Resume-HaNode $node 6>$null"),
        new("Resume-HaNode", "Resume-HaNode $node", "-not (Get-HaNode $node).IsCordoned", "Suspend-HaNode $node 6>$null"),
        new("Invoke-HaNodeDrain", "Invoke-HaNodeDrain $node", "(Get-HaNode $node).IsCordoned", Cleanup: "Resume-HaNode $node 6>$null"),
        new("Restart-HaNode", "Restart-HaNode $node", "(Get-HaNode).InstanceId -notcontains $instance", "$instance = (Get-HaNode $node).InstanceId"),

        // Workloads
        new("Set-HaWorkloadScale", $"Set-HaWorkloadScale {Front} -Replicas 4", "(Get-HaWorkload bitcoin-front).Desired -eq 4", Cleanup: $"Set-HaWorkloadScale {Front} -Replicas 3 6>$null"),
        new("Restart-HaWorkload", $"Restart-HaWorkload {Front}", "$result -and $result.Steps[0].State -eq 'Done'"),
        new("Update-HaWorkload", $"Update-HaWorkload {Front} -Image {Newer} -ObserveSeconds 1", IsNewer, $"if ({IsNewer}) {{ Undo-HaWorkload {Front} 3>$null 6>$null }}", $"Undo-HaWorkload {Front} 3>$null 6>$null"),
        new("Undo-HaWorkload", $"Undo-HaWorkload {Front}", $"-not ({IsNewer})", $"Update-HaWorkload {Front} -Image {Newer} -ObserveSeconds 1 3>$null 6>$null"),
        new("Set-HaQuota", "Set-HaQuota platform -Pods 130", "(Get-HaQuota platform | Where-Object { $_.Name -eq 'quota' -and $_.Resource -eq 'pods' }).Hard -eq 130", Cleanup: "Set-HaQuota platform -Pods 120 3>$null 6>$null"),
        new("Resize-HaVolume", "Resize-HaVolume -Namespace chains -Claim data-bitcoin-0 -Size 1300Gi", "$result.Changes.After -contains '1300Gi'"),

        // Pools
        new("Set-HaNodePoolScale", "Set-HaNodePoolScale $group -Max 13", "(Get-HaNodePool $group).Max -eq 13", Cleanup: "Set-HaNodePoolScale $group -Max 12 3>$null 6>$null"),

        // Data
        new("Invoke-HaDatabaseFailover", "Invoke-HaDatabaseFailover ha-cluster-prod-mysql", "(Get-HaDatabase *mysql).Writer -ne $writer", "$writer = (Get-HaDatabase *mysql).Writer", "Invoke-HaDatabaseFailover ha-cluster-prod-mysql -Target $writer -Confirm:$false 3>$null 6>$null"),
        new("Suspend-HaChainReplica", "Suspend-HaChainReplica bitcoin-2", "(Get-HaWorkload bitcoin).Desired -eq 2", Cleanup: "Suspend-HaChainReplica bitcoin-2 -Resume 6>$null"),

        // Alerts
        new("Set-HaAlertSilence", "Set-HaAlertSilence BitcoinTipOld -Hours 1", "(Get-HaAlert -Silence).Matchers -match 'BitcoinTipOld'", Cleanup: "Remove-HaAlertSilence BitcoinTipOld 6>$null"),
        new("Remove-HaAlertSilence", "Remove-HaAlertSilence NodeNotReady", "-not ((Get-HaAlert -Silence).Matchers -match 'NodeNotReady')", "Set-HaAlertSilence NodeNotReady -Hours 1 6>$null"),
        new("Test-HaAlert", "Test-HaAlert", "$result -and $result.Steps[0].State -eq 'Done'"),

        // Operations
        new("Get-HaOperation", "Get-HaOperation -State Succeeded", "$result.Count -gt 0", "Test-HaAlert 6>$null"),
        new("Undo-HaOperation", "Undo-HaOperation $id", "(Get-HaWorkload bitcoin-front).Desired -eq 3", $"$id = (Set-HaWorkloadScale {Front} -Replicas 4 -PassThru).Id"),
        new("Stop-HaOperation", "Stop-HaOperation $begun.Id", "(Get-HaOperation $begun.Id).State -eq 'Stopped'", "$seconds = 3600; " + Begin, "[void] ($job | Receive-Job -Wait -AutoRemoveJob); Undo-HaOperation $begun.Id -Confirm:$false 6>$null"),
        new("Resume-HaOperation", "Resume-HaOperation $begun.Id", "(Get-HaOperation $begun.Id).State -eq 'Succeeded'", "$seconds = 10; " + Begin + "\n" + Stop, "Undo-HaOperation $begun.Id -Confirm:$false 6>$null"),

        // The twin itself: a small one beside that of the tests
        new("Start-HaTwin", "Start-HaTwin -Stack prod -TwinName tests", "$result.Stack -eq 'prod'"),
        new("Stop-HaTwin", "Stop-HaTwin other", "-not (Get-Process -Id $other.ProcessId -ErrorAction Ignore)", "$other = Start-HaTwin -Stack dev -TwinName other -Speed 60 -TimeoutSeconds 600 -ProjectDirectory $root"),
    ];

    public override string ToString() => Cmdlet;
}
