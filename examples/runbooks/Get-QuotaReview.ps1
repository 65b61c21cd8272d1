<#
.SYNOPSIS
    Lists quotas of namespaces that are nearly used up, and those that are far too large.
.DESCRIPTION
    Changes nothing. A quota that is nearly used up stops the next deployment; one that is far too large protects nobody.
.PARAMETER High
    Percentage from which a resource is listed as nearly used up.
.PARAMETER Low
    Percentage below which a resource is listed as too large.
.PARAMETER Stack
    Connect to the cluster of this Pulumi stack.
.PARAMETER Context
    Connect to this context of the kubeconfig.
.PARAMETER Local
    Connect to the local twin.
.PARAMETER TranscriptDirectory
    Write a transcript into this folder.
.EXAMPLE
    ./Get-QuotaReview.ps1 -Stack prod | Export-Csv quotas.csv
.NOTES
    Exit codes: 0 nothing is nearly used up; 1 failed; 4 something is nearly used up; 5 the cluster cannot be reached.
#>
#Requires -Version 7.6
#Requires -Modules HaCluster
[CmdletBinding(SupportsShouldProcess)]
param(
    [ValidateRange(1, 100)] [int] $High = 80,
    [ValidateRange(0, 100)] [int] $Low = 10,

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
    $quotas = @(Get-HaQuota -Connection $connection)
    foreach ($quota in $quotas | Sort-Object Percent -Descending) {
        $finding = if ($quota.Percent -ge $High) { 'nearly used up' } elseif ($quota.Percent -lt $Low -and $quota.Percent -gt 0) { 'far too large' } else { continue }
        if ($finding -eq 'nearly used up') { $exitCode = 4 }
        [pscustomobject]@{ Finding = $finding; Namespace = $quota.Namespace; Resource = $quota.Resource; Used = $quota.Used; Hard = $quota.Hard; Percent = $quota.Percent }
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
