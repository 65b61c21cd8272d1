# What the runbooks of this folder share: connecting, a transcript, exit codes.
#Requires -Version 7.6

Set-StrictMode -Version Latest

# The exit codes of every runbook here. A scheduler may tell them apart; each script documents them again.
$script:ExitCode = @{
    Done      = 0   # done, or there was nothing to do
    Failed    = 1   # a step failed; the error says which, and how to resume
    Refused   = 3   # the rest of the cluster would not hold, or somebody else works on it: nothing was done
    Findings  = 4   # a check or review found something, or a release was rolled back
    NoCluster = 5   # the cluster cannot be reached, or the credentials do not serve
}

function Open-Runbook {
    <#
    .SYNOPSIS
        Starts the transcript, connects, and returns the connection.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [hashtable] $Parameters,
        [string] $TranscriptDirectory
    )
    if ($TranscriptDirectory) {
        [void] (New-Item -ItemType Directory -Path $TranscriptDirectory -Force -WhatIf:$false -Confirm:$false)
        $path = Join-Path $TranscriptDirectory ('{0}-{1:yyyyMMdd-HHmmss}-{2}.log' -f $Name, [datetime]::UtcNow, $PID)
        [void] (Start-Transcript -Path $path -UseMinimalHeader -WhatIf:$false -Confirm:$false)
    }
    if ($Parameters['Local']) { return Connect-HaCluster -Local }
    if ($Parameters['Stack']) { return Connect-HaCluster -Stack $Parameters['Stack'] }
    if ($Parameters['Context']) { return Connect-HaCluster -Context $Parameters['Context'] }
    $current = Get-HaConnection | Where-Object IsCurrent
    if (-not $current) {
        throw [System.Management.Automation.ErrorRecord]::new(
            [System.InvalidOperationException]::new('No cluster is connected: give -Stack, -Context or -Local, or run Connect-HaCluster first.'), 'NotConnected', 'ConnectionError', $null)
    }
    $current
}

function Close-Runbook {
    <#
    .SYNOPSIS
        Ends the transcript.
    #>
    [CmdletBinding()]
    param([string] $TranscriptDirectory)
    if ($TranscriptDirectory) { try { [void] (Stop-Transcript) } catch [System.InvalidOperationException] { Write-Verbose 'no transcript was running' } }
}

function Get-RunbookExitCode {
    <#
    .SYNOPSIS
        The exit code that an error means.
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    # An operation that failed and went back by itself.
    if ($ErrorRecord.TargetObject -and $ErrorRecord.TargetObject.PSObject.Properties['State'] -and [string] $ErrorRecord.TargetObject.State -eq 'RolledBack') { return $script:ExitCode.Findings }
    $kind = if ($ErrorRecord.Exception.PSObject.Properties['Kind']) { [string] $ErrorRecord.Exception.Kind } else { ($ErrorRecord.FullyQualifiedErrorId -split ',')[0] }
    switch ($kind) {
        { $_ -in 'NotSafe', 'OperationRunning', 'Conflict', 'Rejected' } { $script:ExitCode.Refused; break }
        { $_ -in 'NotConnected', 'ContextNotFound', 'KubeconfigNotUsable', 'CredentialsMissing', 'CredentialsExpired', 'NotOurCluster', 'Unreachable' } { $script:ExitCode.NoCluster; break }
        default { $script:ExitCode.Failed }
    }
}

Export-ModuleMember -Function Open-Runbook, Close-Runbook, Get-RunbookExitCode
