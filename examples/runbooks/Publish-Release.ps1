<#
.SYNOPSIS
    Releases an image to a workload, and rolls back automatically when it gets worse.
.DESCRIPTION
    Nothing is done when the workload runs the image already. Readiness, restarts, failed requests and latency are watched; when they get worse, the
    workload returns to the image it had, and the exit code says so.
.PARAMETER Namespace
    Namespace of the workload.
.PARAMETER Name
    Name of the workload.
.PARAMETER Image
    The image, with a tag other than latest, or a digest.
.PARAMETER ObserveSeconds
    How long it is watched after it is ready.
.PARAMETER TimeoutSeconds
    How long it may take to become ready.
.PARAMETER MaxErrorRatio
    Share of requests that may fail meanwhile.
.PARAMETER Stack
    Connect to the cluster of this Pulumi stack.
.PARAMETER Context
    Connect to this context of the kubeconfig.
.PARAMETER Local
    Connect to the local twin.
.PARAMETER TranscriptDirectory
    Write a transcript into this folder.
.EXAMPLE
    ./Publish-Release.ps1 -Stack prod -Namespace payments -Name api -Image registry.example.com/payments/api:1.42.0
.NOTES
    Exit codes: 0 released, or nothing to do; 1 a step failed; 3 refused before anything was done; 4 rolled back: the workload runs the image it had;
    5 the cluster cannot be reached.
#>
#Requires -Version 7.6
#Requires -Modules HaCluster
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [ValidateNotNullOrEmpty()] [string] $Namespace,
    [Parameter(Mandatory)] [ValidateNotNullOrEmpty()] [string] $Name,
    [Parameter(Mandatory)] [ValidatePattern('(:(?!latest\z)[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})\z', ErrorMessage = '{0} has no tag, or the tag latest.')] [string] $Image,
    [ValidateRange(0, 86400)] [int] $ObserveSeconds = 300,
    [ValidateRange(1, 86400)] [int] $TimeoutSeconds = 600,
    [ValidateRange(0.0, 1.0)] [double] $MaxErrorRatio = 0.01,

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
    $workload = Get-HaWorkload $Name -Namespace $Namespace -Connection $connection
    if ($workload.Images -contains $Image -and -not $workload.IsBelowStrength) { "$Namespace/$Name runs $Image already: nothing to do." }
    else {
        $result = Update-HaWorkload $Name -Namespace $Namespace -Image $Image -ObserveSeconds $ObserveSeconds -TimeoutSeconds $TimeoutSeconds -MaxErrorRatio $MaxErrorRatio -Connection $connection -PassThru
        $result
        if ($result -and $result.PSObject.Properties['State'] -and $result.State -eq 'RolledBack') { $exitCode = 4 }
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
