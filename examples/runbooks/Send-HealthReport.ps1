<#
.SYNOPSIS
    Sends the state of the cluster to a Slack channel, each morning for example.
.DESCRIPTION
    One message: health, what is wrong, alerts, what is below strength. With -OnlyFindings nothing is sent when all is well. The webhook is read from a
    file, or from the environment variable HA_SLACK_WEBHOOK, and shown nowhere.
.PARAMETER WebhookFile
    File whose only line is the address of the webhook.
.PARAMETER OnlyFindings
    Send only when something is wrong.
.PARAMETER Stack
    Connect to the cluster of this Pulumi stack.
.PARAMETER Context
    Connect to this context of the kubeconfig.
.PARAMETER Local
    Connect to the local twin.
.PARAMETER TranscriptDirectory
    Write a transcript into this folder.
.EXAMPLE
    ./Send-HealthReport.ps1 -Stack prod -WebhookFile ~/.config/ha/slack -WhatIf
.EXAMPLE
    ./Send-HealthReport.ps1 -Stack prod -WebhookFile ~/.config/ha/slack
.NOTES
    Exit codes: 0 sent, or nothing to send; 1 Slack did not take it, or another failure; 5 the cluster cannot be reached.
#>
#Requires -Version 7.6
#Requires -Modules HaCluster
[CmdletBinding(SupportsShouldProcess)]
param(
    [ValidateScript({ Test-Path $_ -PathType Leaf }, ErrorMessage = '{0} is not a file.')] [string] $WebhookFile,
    [switch] $OnlyFindings,

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
    $mark = @{ Healthy = ':large_green_circle:'; Unknown = ':white_circle:'; Degraded = ':large_yellow_circle:'; Critical = ':red_circle:' }[[string] $cluster.Health]
    $lines = @(
        "$mark *$($cluster.Name)* is $($cluster.Health): $($cluster.Nodes.Ready) of $($cluster.Nodes.Total) nodes and $($cluster.Pods.Ready) of $($cluster.Pods.Total) pods ready."
        $cluster.Findings | Select-Object -First 10 | ForEach-Object { "• $_" }
        if ($cluster.Findings.Count -gt 10) { "• and $($cluster.Findings.Count - 10) more" }
        $cluster.Alerts | Select-Object -First 10 | ForEach-Object { "• $($_.Severity) $($_.Name): $($_.Summary)" }
    )
    # https://api.slack.com/reference/surfaces/formatting#escaping
    $text = ($lines -join "`n").Replace('&', '&amp;').Replace('<', '&lt;').Replace('>', '&gt;')
    if ($OnlyFindings -and $cluster.Health -eq 'Healthy') { 'All is well: nothing to send.' }
    elseif ($PSCmdlet.ShouldProcess($text, 'Send to Slack')) {
        $webhook = if ($WebhookFile) { (Get-Content $WebhookFile -TotalCount 1).Trim() } else { $env:HA_SLACK_WEBHOOK }
        if (-not $webhook) { throw 'There is no webhook: give -WebhookFile, or set HA_SLACK_WEBHOOK.' }
        try {
            [void] (Invoke-RestMethod -Uri $webhook -Method Post -ContentType 'application/json; charset=utf-8' -Body (@{ text = $text } | ConvertTo-Json) -MaximumRetryCount 3 -RetryIntervalSec 2 -TimeoutSec 30)
        }
        catch {
            # The address is a secret, and would be in the message.
            throw "Slack did not take the report: $($_.Exception.Message.Replace($webhook, '[webhook]'))"
        }
        'The report is sent.'
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
