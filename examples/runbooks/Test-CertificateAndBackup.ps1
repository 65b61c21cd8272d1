<#
.SYNOPSIS
    Checks that certificates have days left and that backups are recent and complete.
.DESCRIPTION
    Changes nothing. What cannot be read is a finding, and so is a cluster without a complete backup.
.PARAMETER CertificateDays
    Days that a certificate must have left.
.PARAMETER BackupHours
    Age in hours that the newest complete backup may have.
.PARAMETER Stack
    Connect to the cluster of this Pulumi stack.
.PARAMETER Context
    Connect to this context of the kubeconfig.
.PARAMETER Local
    Connect to the local twin.
.PARAMETER TranscriptDirectory
    Write a transcript into this folder.
.EXAMPLE
    ./Test-CertificateAndBackup.ps1 -Stack prod -CertificateDays 14
.NOTES
    Exit codes: 0 all is well; 1 failed; 4 a finding; 5 the cluster cannot be reached.
#>
#Requires -Version 7.6
#Requires -Modules HaCluster
[CmdletBinding(SupportsShouldProcess)]
param(
    [ValidateRange(1, 365)] [int] $CertificateDays = 14,
    [ValidateRange(1, 8760)] [int] $BackupHours = 26,

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
    $cluster = Get-HaCluster -Connection $connection
    $findings = @(
        foreach ($certificate in $cluster.Certificates) {
            $days = if ($certificate.EndsAt) { [Math]::Floor(($certificate.EndsAt - $cluster.ReadAt).TotalDays) } else { $null }
            if ($null -eq $days -or $days -lt $CertificateDays) {
                [pscustomobject]@{ Subject = "certificate $($certificate.Namespace)/$($certificate.Name)"; Finding = if ($null -eq $days) { "not issued $($certificate.Note)" } else { "$days days left" } }
            }
        }
        $newest = $cluster.Backups | Where-Object { $_.Health -eq 'Healthy' -and $_.CompletedAt } | Sort-Object CompletedAt | Select-Object -Last 1
        if (-not $newest) { [pscustomobject]@{ Subject = 'backups'; Finding = 'none is complete' } }
        elseif (($cluster.ReadAt - $newest.CompletedAt).TotalHours -gt $BackupHours) {
            [pscustomobject]@{ Subject = "backup $($newest.Name)"; Finding = "the newest, and $([int] ($cluster.ReadAt - $newest.CompletedAt).TotalHours) hours old" }
        }
        foreach ($failed in $cluster.Backups | Where-Object Phase -like '*Failed') { [pscustomobject]@{ Subject = "backup $($failed.Name)"; Finding = "$($failed.Phase), $($failed.Errors) errors" } }
        foreach ($part in $cluster.Unknown | Where-Object Part -in 'certificates', 'backups') { [pscustomobject]@{ Subject = $part.Part; Finding = "could not be read: $($part.Reason)" } }
    )
    $findings
    if ($findings) { $exitCode = 4 }
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    $exitCode = Get-RunbookExitCode $_
}
finally {
    Close-Runbook -TranscriptDirectory $TranscriptDirectory
}
exit $exitCode
