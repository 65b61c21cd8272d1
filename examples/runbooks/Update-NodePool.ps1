<#
.SYNOPSIS
    Replaces all nodes of a pool, one after the other.
.DESCRIPTION
    Each node is drained with respect to budgets, its instance terminated, and the next one begun when the replacement is ready and the workloads that were at
    full strength when the run began are so again. Run again, it goes on: nodes that are younger than -OlderThanDays are left alone, and so is whatever a run
    before has replaced.
.PARAMETER Pool
    Node group, or pattern of node groups, as Get-HaNodePool lists them.
.PARAMETER OlderThanDays
    Only nodes that are older. 0: all that are older than this run.
.PARAMETER WaitMinutes
    How long to wait between two nodes for pods that the first one had to start elsewhere. After that, the proof decides whether the next node may go.
.PARAMETER Stack
    Connect to the cluster of this Pulumi stack.
.PARAMETER Context
    Connect to this context of the kubeconfig.
.PARAMETER Local
    Connect to the local twin.
.PARAMETER TranscriptDirectory
    Write a transcript into this folder.
.EXAMPLE
    ./Update-NodePool.ps1 -Stack prod -Pool 'general*' -OlderThanDays 30 -WhatIf
.NOTES
    Exit codes: 0 done, or nothing to do; 1 a step failed, run it again to continue; 3 refused: a budget or the proof does not allow it; 5 the cluster cannot
    be reached.
#>
#Requires -Version 7.6
#Requires -Modules HaCluster
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory, Position = 0)] [ValidateNotNullOrEmpty()] [string] $Pool,
    [ValidateRange(0, 365)] [int] $OlderThanDays = 0,
    [ValidateRange(0, 240)] [int] $WaitMinutes = 30,

    # The cluster: of a stack, of a context of the kubeconfig, or the local twin. Default: the current connection.
    [ValidateNotNullOrEmpty()] [string] $Stack,
    [ValidateNotNullOrEmpty()] [string] $Context,
    [switch] $Local,

    # Folder for the transcript; none without it.
    [ValidateNotNullOrEmpty()] [string] $TranscriptDirectory
)
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot Runbook.psm1) -Verbose:$false
$exitCode = 0

# Workloads at full strength, whose budgets, if they have one, let a pod go. A pod of a StatefulSet that comes back under its old name counts against its
# budget for two minutes after it is ready.
function Get-SteadyWorkload { Get-HaWorkload -Connection $connection | Where-Object { -not $_.IsBelowStrength -and $_.Disruptions -ne 0 } | ForEach-Object { "$($_.Kind) $($_.Namespace)/$($_.Name)" } }

function Wait-SteadyWorkload([string[]] $Names) {
    $end = [datetime]::UtcNow.AddMinutes($WaitMinutes)
    while ([datetime]::UtcNow -lt $end) {
        $steady = @(Get-SteadyWorkload)
        $missing = @($Names | Where-Object { $_ -notin $steady })
        if (-not $missing) { return }
        Write-Progress -Activity 'Waiting for what the last node had to start elsewhere' -Status "$($missing.Count) not at full strength: $($missing[0])"
        Start-Sleep -Seconds 2
    }
}

try {
    $connection = (Open-Runbook -Name $MyInvocation.MyCommand.Name -Parameters $PSBoundParameters -TranscriptDirectory $TranscriptDirectory).Connection
    $before = [datetimeoffset]::UtcNow.AddDays(-$OlderThanDays)
    $nodes = @(Get-HaNode -Pool $Pool -Connection $connection | Where-Object CreatedAt -lt $before | Sort-Object CreatedAt)
    $steadyBefore = @(if ($nodes.Count -gt 1) { Get-SteadyWorkload })
    if (-not $nodes) { "No node of $Pool is older than $OlderThanDays days: nothing to do." }
    foreach ($node in $nodes) {
        if ($node -ne $nodes[0] -and -not $WhatIfPreference) { Wait-SteadyWorkload $steadyBefore }
        "Replacing $($node.Name) in $($node.Zone), $($nodes.IndexOf($node) + 1) of $($nodes.Count)."
        Restart-HaNode $node.Name -Connection $connection
    }
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    $exitCode = Get-RunbookExitCode $_
}
finally {
    Close-Runbook -TranscriptDirectory $TranscriptDirectory
}
exit $exitCode
