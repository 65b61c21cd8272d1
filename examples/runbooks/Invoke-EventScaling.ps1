<#
.SYNOPSIS
    Scales workloads up for an event, and back.
.DESCRIPTION
    Reads a CSV file with the columns Namespace, Name, Normal and Event. Before the event each workload gets its number of the column Event, afterwards,
    with -Back, of the column Normal. A workload that has its number already is left alone. All are tried, also when one is refused.
.PARAMETER Plan
    The CSV file.
.PARAMETER Back
    Scale back to the column Normal.
.PARAMETER Stack
    Connect to the cluster of this Pulumi stack.
.PARAMETER Context
    Connect to this context of the kubeconfig.
.PARAMETER Local
    Connect to the local twin.
.PARAMETER TranscriptDirectory
    Write a transcript into this folder.
.EXAMPLE
    ./Invoke-EventScaling.ps1 -Stack prod -Plan black-friday.csv -WhatIf
.EXAMPLE
    ./Invoke-EventScaling.ps1 -Stack prod -Plan black-friday.csv -Back
.NOTES
    Exit codes: 0 done, or nothing to do; 1 a step failed; 3 at least one workload was refused, by a quota or for want of room: the others are scaled;
    5 the cluster cannot be reached.
#>
#Requires -Version 7.6
#Requires -Modules HaCluster
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory, Position = 0)] [ValidateScript({ Test-Path $_ -PathType Leaf }, ErrorMessage = '{0} is not a file.')] [string] $Plan,
    [switch] $Back,

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
    $column = if ($Back) { 'Normal' } else { 'Event' }
    $rows = @(Import-Csv $Plan)
    foreach ($row in $rows) {
        foreach ($name in 'Namespace', 'Name', 'Normal', 'Event') {
            if (-not $row.PSObject.Properties[$name] -or -not $row.$name) { throw "${Plan}: a row has no ${name}: its columns are Namespace, Name, Normal, Event." }
        }
        if ($row.$column -notmatch '^[0-9]+\z') { throw "${Plan}: $column of $($row.Namespace)/$($row.Name) is '$($row.$column)', not a number." }
    }
    foreach ($row in $rows) {
        try {
            $workload = Get-HaWorkload $row.Name -Namespace $row.Namespace -Connection $connection
            if ($workload.Desired -eq [int] $row.$column) { "$($row.Namespace)/$($row.Name) has $($row.$column) replicas already."; continue }
            Set-HaWorkloadScale $row.Name -Namespace $row.Namespace -Replicas $row.$column -Connection $connection
        }
        catch {
            Write-Error -ErrorRecord $_ -ErrorAction Continue
            $exitCode = [Math]::Max($exitCode, (Get-RunbookExitCode $_))
        }
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
