<#
.SYNOPSIS
    Tests the failover of a database: makes a reader the writer, measures it, and says whether it was within the objective.
.DESCRIPTION
    Refused when the database is not healthy, or has no reader in another zone: then it is no test but an outage. The writer stays where it is afterwards;
    with -Return it goes back to the instance that it was on.
.PARAMETER Database
    The database cluster. Default: the only one.
.PARAMETER ObjectiveSeconds
    How long it may take until the reader is the writer.
.PARAMETER Return
    Make the former writer the writer again.
.PARAMETER Stack
    Connect to the cluster of this Pulumi stack.
.PARAMETER Context
    Connect to this context of the kubeconfig.
.PARAMETER Local
    Connect to the local twin.
.PARAMETER TranscriptDirectory
    Write a transcript into this folder.
.EXAMPLE
    ./Test-DatabaseFailover.ps1 -Stack staging -WhatIf
.NOTES
    Exit codes: 0 within the objective; 1 a step failed; 3 refused before anything was done; 4 it took longer than the objective; 5 the cluster cannot be
    reached.
#>
#Requires -Version 7.6
#Requires -Modules HaCluster
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [Parameter(Position = 0)] [ValidateNotNullOrEmpty()] [string] $Database,
    [ValidateRange(0.1, 3600)] [double] $ObjectiveSeconds = 120,
    [switch] $Return,

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
    $all = @(if ($Database) { Get-HaDatabase $Database -Connection $connection } else { Get-HaDatabase -Connection $connection })
    if ($all.Count -ne 1) { throw "Name the database with -Database: $($all.Name -join ', ')." }
    $before = $all[0]
    $others = @($before.Instances | Where-Object { -not $_.IsWriter -and $_.Zone -ne $before.WriterZone })
    if ($before.Health -ne 'Healthy' -or -not $others) {
        Write-Error "$($before.Name) is $($before.Health) with $($others.Count) readers in other zones than its writer: a failover now would be no test." -ErrorAction Continue
        $exitCode = 3
    }
    else {
        $result = Invoke-HaDatabaseFailover $before.Name -Connection $connection -PassThru
        $result
        if ($result -and $result.PSObject.Properties['Took']) {
            if ($result.Took.TotalSeconds -gt $ObjectiveSeconds) {
                Write-Error "The failover took $([Math]::Round($result.Took.TotalSeconds, 1)) s; the objective is $ObjectiveSeconds s." -ErrorAction Continue
                $exitCode = 4
            }
            if ($Return) { Invoke-HaDatabaseFailover $before.Name -Target $before.Writer -Connection $connection }
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
