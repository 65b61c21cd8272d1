<#
.SYNOPSIS
    Evacuates a zone, or returns to it.
.DESCRIPTION
    Shifts traffic away, cordons the nodes, moves database writers, drains the pods, and verifies; with -Return all of it goes back. Run again, it goes
    on: what is done already is not done twice, and an evacuation of this zone that was interrupted is resumed.
.PARAMETER Zone
    The zone, such as eu-central-1a.
.PARAMETER Return
    Return to the zone.
.PARAMETER Hours
    When the zonal shift ends by itself.
.PARAMETER Stack
    Connect to the cluster of this Pulumi stack.
.PARAMETER Context
    Connect to this context of the kubeconfig.
.PARAMETER Local
    Connect to the local twin.
.PARAMETER TranscriptDirectory
    Write a transcript into this folder.
.EXAMPLE
    ./Invoke-ZoneEvacuation.ps1 -Stack prod -Zone eu-central-1a -WhatIf
.EXAMPLE
    pwsh -File Invoke-ZoneEvacuation.ps1 -Stack prod -Zone eu-central-1a -Confirm:$false -TranscriptDirectory /var/log/runbooks
.NOTES
    Exit codes: 0 done, or nothing to do; 1 a step failed, run it again to continue; 3 refused: the other zones would not hold, or another operation runs;
    5 the cluster cannot be reached.
#>
#Requires -Version 7.6
#Requires -Modules HaCluster
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [Parameter(Mandatory, Position = 0)] [ValidatePattern('^[a-z]{2}[a-z0-9-]+\z')] [string] $Zone,
    [switch] $Return,
    [ValidateRange(1, 72)] [int] $Hours = 24,

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
try {
    $connection = (Open-Runbook -Name $MyInvocation.MyCommand.Name -Parameters $PSBoundParameters -TranscriptDirectory $TranscriptDirectory).Connection
    $state = Get-HaZone $Zone -Connection $connection
    $verb = if ($Return) { 'Restore-HaZone' } else { 'Switch-HaZone' }
    $unfinished = Get-HaOperation -Connection $connection -State Interrupted, Stopped, Failed |
        Where-Object { $_.Command -eq $verb -and $_.Target -eq "zone $Zone" } | Select-Object -First 1
    $isEmpty = $state.Nodes -gt 0 -and $state.CordonedNodes -eq $state.Nodes -and $state.Shift
    if ($unfinished) {
        $unfinished | Resume-HaOperation -Connection $connection
    }
    elseif ($Return) {
        if ($state.CordonedNodes -eq 0 -and -not $state.Shift) { "Zone $Zone is in service: nothing to do." }
        else { Restore-HaZone $Zone -Connection $connection }
    }
    elseif ($isEmpty) { "Zone $Zone is evacuated already: nothing to do." }
    else { Switch-HaZone $Zone -Hours $Hours -Connection $connection }
    Get-HaZone -Connection $connection
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    $exitCode = Get-RunbookExitCode $_
}
finally {
    Close-Runbook -TranscriptDirectory $TranscriptDirectory
}
exit $exitCode
