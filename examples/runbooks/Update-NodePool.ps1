<#
.SYNOPSIS
    Replaces all nodes of a pool, one after the other.
.DESCRIPTION
    Each node is drained with respect to budgets, its instance terminated, and the next one begun when the replacement is ready. Run again, it goes on:
    nodes that are younger than -OlderThanDays are left alone, and so is whatever a run before has replaced.
.PARAMETER Pool
    Node group, or pattern of node groups, as Get-HaNodePool lists them.
.PARAMETER OlderThanDays
    Only nodes that are older. 0: all that are older than this run.
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
    Exit codes: 0 done, or nothing to do; 1 a step failed, run it again to go on; 3 refused: a budget or the proof does not allow it; 5 the cluster cannot
    be reached.
#>
#Requires -Version 7.6
#Requires -Modules HaCluster
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory, Position = 0)] [ValidateNotNullOrEmpty()] [string] $Pool,
    [ValidateRange(0, 365)] [int] $OlderThanDays = 0,

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
    $before = [datetimeoffset]::UtcNow.AddDays(-$OlderThanDays)
    $nodes = @(Get-HaNode -Pool $Pool -Connection $connection | Where-Object CreatedAt -lt $before | Sort-Object CreatedAt)
    if (-not $nodes) { "No node of $Pool is older than $OlderThanDays days: nothing to do." }
    foreach ($node in $nodes) {
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
