@{
    RootModule           = 'HaCluster.Cmdlets.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '2f6c2a0e-6a3e-4d0b-9b5e-6d7a6f0c1f4a'
    Author               = 'The HaCluster authors'
    Copyright            = 'Apache License 2.0'
    Description          = 'Operates a highly available Kubernetes cluster on AWS: see, fail over, drain, scale, release, back up, with a plan before and a journal during each change.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('HaCluster.format.ps1xml')
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    # Named one by one, so that a command is found without importing the module.
    CmdletsToExport      = @(
        # Stack
        'New-HaStack', 'Get-HaStack', 'Test-HaStack', 'Get-HaPlan', 'Get-HaProof', 'Get-HaCost', 'Get-HaServiceQuota', 'Request-HaServiceQuota'
        'Deploy-HaStack', 'Sync-HaStack', 'Remove-HaStack', 'Get-HaStackOutput', 'New-HaSite', 'Get-HaSite', 'Remove-HaSite'
        # Connection
        'Connect-HaCluster', 'Get-HaConnection', 'Disconnect-HaCluster'
        # See
        'Get-HaCluster', 'Get-HaZone', 'Get-HaNode', 'Get-HaWorkload', 'Get-HaQuota', 'Get-HaDatabase', 'Get-HaChain', 'Get-HaAlert', 'Get-HaBackup'
        'Test-HaCluster', 'Get-HaLedger', 'Test-HaLedger', 'Find-HaLedgerRecord'
        # Zones
        'Start-HaZoneShift', 'Stop-HaZoneShift', 'Get-HaZoneShift', 'Switch-HaZone', 'Restore-HaZone'
        # Nodes
        'Suspend-HaNode', 'Resume-HaNode', 'Invoke-HaNodeDrain', 'Restart-HaNode'
        # Workloads
        'Set-HaWorkloadScale', 'Restart-HaWorkload', 'Update-HaWorkload', 'Undo-HaWorkload', 'Set-HaQuota', 'Resize-HaVolume'
        # Pools
        'Get-HaNodePool', 'Set-HaNodePoolScale'
        # Data
        'Invoke-HaDatabaseFailover', 'Restore-HaChainReplica', 'Suspend-HaChainReplica', 'Start-HaBackup', 'Restore-HaBackup'
        # Payments
        'Get-HaWallet', 'Get-HaTransfer', 'Approve-HaTransfer', 'Suspend-HaForwarding', 'Resume-HaForwarding'
        # Alerts
        'Set-HaAlertSilence', 'Remove-HaAlertSilence', 'Test-HaAlert'
        # Operations
        'Get-HaOperation', 'Resume-HaOperation', 'Undo-HaOperation', 'Stop-HaOperation'
        # Local twin
        'Start-HaTwin', 'Stop-HaTwin'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('Kubernetes', 'AWS', 'EKS', 'HighAvailability', 'PSEdition_Core')
            LicenseUri   = 'https://www.apache.org/licenses/LICENSE-2.0'
            ReleaseNotes = 'First version.'
        }
    }
}
