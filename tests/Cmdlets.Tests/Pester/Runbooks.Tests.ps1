# The runbook scripts with the cluster's answers mocked: what they decide on answers that a twin does not give. On a twin: RunbooksOnTwin.Tests.ps1.
# Records are made of the module's own types, so a renamed property shows here.
BeforeAll {
    Import-Module HaCluster
    $script:Folder = Join-Path $PSScriptRoot '../../../examples/runbooks' | Resolve-Path
    $script:At = [datetimeoffset]::UtcNow

    function New-Zone([string] $Name, [int] $Cordoned = 0, $Shift = $null) {
        [HaCluster.ZoneStatus]::new($Name, 'euc1-az2', 'Healthy', 3, 3, $Cordoned, 10, 10, $Shift, [string[]] @(), '')
    }
    function New-Shift([string] $Zone) { [HaCluster.ZoneShift]::new('arn', 'c', $Zone, 'euc1-az2', 'id', 'ACTIVE', $At, $At.AddHours(1), '') }
    function New-Workload([string] $Namespace, [string] $Name, [int] $Desired, [string] $Image = 'a:1') {
        [HaCluster.WorkloadStatus]::new($Namespace, $Name, 'Deployment', 'Healthy', $Desired, $Desired, $Desired, [System.Collections.Generic.Dictionary[string, int]]::new(), $null, $null, [string[]] @($Image), 0, $At, '')
    }
    function New-Failure([string] $Kind, [string] $Problem) {
        $exception = [HaCluster.HaClusterException]::new($Kind, 'call', 'target', $Problem, 'advice', $null)
        [System.Management.Automation.ErrorRecord]::new($exception, $Kind, 'InvalidOperation', 'target')
    }
    function New-Cluster([string] $Health = 'Healthy', [hashtable] $Parts = @{}) {
        $cluster = [HaCluster.ClusterStatus]::new('ha-cluster-prod', $Health, 'v1.36.2', 'eu-central-1', $At)
        foreach ($part in $Parts.Keys) { [HaCluster.ClusterStatus].GetProperty($part).SetValue($cluster, $Parts[$part]) }
        $cluster
    }
    # Runs a runbook in this session, so that mocks hold, and gives its output and exit code.
    function Invoke-Script([string] $Name, [hashtable] $Parameters = @{}) {
        $global:LASTEXITCODE = -1
        $output = & (Join-Path $Folder $Name) @Parameters 2>&1
        [pscustomobject]@{ Output = @($output); ExitCode = $LASTEXITCODE; Text = ($output | Out-String) }
    }
}

Describe 'Every runbook' {
    BeforeDiscovery { $scripts = Get-ChildItem (Join-Path $PSScriptRoot '../../../examples/runbooks') -Filter *.ps1 | ForEach-Object { @{ Name = $_.Name; Path = $_.FullName } } }

    It '<Name> declares what it needs, can be tried, and documents itself' -ForEach $scripts {
        $tree = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref] $null, [ref] $null)
        $tree.ScriptRequirements.RequiredModules.Name | Should -Contain HaCluster
        $tree.ScriptRequirements.RequiredPSVersion | Should -Be ([version] '7.6')
        (Get-Command $Path).Parameters.Keys | Should -Contain WhatIf
        $help = Get-Help $Path -Full
        $help.Synopsis | Should -Match '\.\z'
        @($help.Examples.Example).Count | Should -BeGreaterThan 0
        ($help.alertSet | Out-String) | Should -Match 'Exit codes: 0'
        $own = (Get-Command $Path).Parameters.Values | Where-Object { $_.Name -notin [System.Management.Automation.Cmdlet]::CommonParameters -and $_.Name -notin 'WhatIf', 'Confirm' }
        foreach ($parameter in $own) { @($help.Parameters.Parameter | Where-Object Name -eq $parameter.Name).Description | Should -Not -BeNullOrEmpty -Because "-$($parameter.Name) is to be explained" }
    }

    It '<Name> says that no cluster is connected, with exit code 5' -ForEach ($scripts | Where-Object Name -notlike 'Invoke-EventScaling*') {
        Import-Module (Join-Path $Folder Runbook.psm1) -Force
        Mock Get-HaConnection -ModuleName Runbook { }
        $arguments = switch -Wildcard ($Name) {
            'Invoke-Zone*' { @{ Zone = 'eu-central-1a' } }
            'Update-*' { @{ Pool = 'general' } }
            'Publish-*' { @{ Namespace = 'a'; Name = 'b'; Image = 'c:1' } }
            default { @{} }
        }
        (Invoke-Script $Name $arguments).ExitCode | Should -Be 5
    }
}

Describe 'Runbooks on a connected cluster' {
    BeforeEach {
        Import-Module (Join-Path $Folder Runbook.psm1) -Force
        Mock Get-HaConnection -ModuleName Runbook { [pscustomobject]@{ Connection = 'prod'; IsCurrent = $true } }
        Mock Get-HaOperation { }
    }

    Context 'Invoke-ZoneEvacuation' {
        BeforeEach { Mock Switch-HaZone { }; Mock Restore-HaZone { }; Mock Resume-HaOperation { } }

        It 'evacuates a zone' {
            Mock Get-HaZone { New-Zone 'eu-central-1a' }
            (Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = 'eu-central-1a'; Confirm = $false }).ExitCode | Should -Be 0
            Should -Invoke Switch-HaZone -Times 1 -Exactly -ParameterFilter { $Zone -eq 'eu-central-1a' -and $Connection -eq 'prod' }
        }
        It 'does nothing when the zone is evacuated already' {
            Mock Get-HaZone { New-Zone 'eu-central-1a' 3 (New-Shift 'eu-central-1a') }
            (Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = 'eu-central-1a' }).Text | Should -Match 'nothing to do'
            Should -Invoke Switch-HaZone -Times 0
        }
        It 'resumes an evacuation that was interrupted' {
            Mock Get-HaZone { New-Zone 'eu-central-1a' 1 }
            Mock Get-HaOperation { [pscustomobject]@{ Id = 'op'; Command = 'Switch-HaZone'; Target = 'zone eu-central-1a'; State = 'Interrupted' } }
            (Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = 'eu-central-1a' }).ExitCode | Should -Be 0
            Should -Invoke Resume-HaOperation -Times 1 -Exactly
            Should -Invoke Switch-HaZone -Times 0
        }
        It 'returns to the zone' {
            Mock Get-HaZone { New-Zone 'eu-central-1a' 3 (New-Shift 'eu-central-1a') }
            (Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = 'eu-central-1a'; Return = $true; Confirm = $false }).ExitCode | Should -Be 0
            Should -Invoke Restore-HaZone -Times 1 -Exactly
        }
        It 'says with exit code 3 that it was refused' {
            Mock Get-HaZone { New-Zone 'eu-central-1a' }
            Mock Switch-HaZone { throw (New-Failure NotSafe 'payments/db would not serve') }
            $run = Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = 'eu-central-1a'; Confirm = $false }
            $run.ExitCode | Should -Be 3
            $run.Text | Should -Match 'payments/db would not serve'
        }
        It 'refuses what is no zone' { { & (Join-Path $Folder Invoke-ZoneEvacuation.ps1) -Zone 'a b' } | Should -Throw }
    }

    Context 'Invoke-EventScaling' {
        BeforeEach {
            Mock Set-HaWorkloadScale { }
            Mock Get-HaWorkload { New-Workload $Namespace[0] $Name[0] 3 }
            $script:plan = Join-Path $TestDrive plan.csv
        }

        It 'scales what differs, and leaves the rest alone' {
            "Namespace,Name,Normal,Event`npayments,api,3,12`npayments,worker,1,3" | Set-Content $plan
            $run = Invoke-Script Invoke-EventScaling.ps1 @{ Plan = $plan }
            $run.ExitCode | Should -Be 0
            $run.Text | Should -Match 'payments/worker has 3 replicas already'
            Should -Invoke Set-HaWorkloadScale -Times 1 -Exactly -ParameterFilter { $Name -eq 'api' -and $Replicas -eq 12 }
        }
        It 'scales back' {
            "Namespace,Name,Normal,Event`npayments,worker,1,3" | Set-Content $plan
            (Invoke-Script Invoke-EventScaling.ps1 @{ Plan = $plan; Back = $true }).ExitCode | Should -Be 0
            Should -Invoke Set-HaWorkloadScale -Times 1 -Exactly -ParameterFilter { $Replicas -eq 1 }
        }
        It 'goes on after a refusal, and says so with exit code 3' {
            "Namespace,Name,Normal,Event`npayments,big,1,900`npayments,api,3,12" | Set-Content $plan
            Mock Set-HaWorkloadScale { throw (New-Failure NotSafe 'the quota has room for 10') } -ParameterFilter { $Name -eq 'big' }
            (Invoke-Script Invoke-EventScaling.ps1 @{ Plan = $plan }).ExitCode | Should -Be 3
            Should -Invoke Set-HaWorkloadScale -Times 1 -Exactly -ParameterFilter { $Name -eq 'api' }
        }
        It 'refuses a plan with <What> before anything is scaled' -ForEach @(
            @{ What = 'a number that is none'; Text = "Namespace,Name,Normal,Event`npayments,api,3,12`npayments,worker,1,many" }
            @{ What = 'a missing column'; Text = "Namespace,Name,Event`npayments,api,12" }) {
            $Text | Set-Content $plan
            (Invoke-Script Invoke-EventScaling.ps1 @{ Plan = $plan }).ExitCode | Should -Be 1
            Should -Invoke Set-HaWorkloadScale -Times 0
        }
    }

    Context 'Update-NodePool' {
        BeforeEach {
            Mock Restart-HaNode { }
            Mock Start-Sleep { }
            Mock Get-HaWorkload { New-Workload payments api 3 }
            Mock Get-HaNode {
                foreach ($age in 40, 10) {
                    [HaCluster.NodeStatus]::new("node-$age", 'eu-central-1a', 'general', 'm7i.xlarge', "i-$age", 'Healthy', 'True', $false, 1, 58, [HaCluster.Usage]::new(1, 4), [HaCluster.Usage]::new(1, 4), 'v1.36.2', $At.AddDays(-$age), '')
                }
            }
        }

        It 'replaces the nodes that are older, the oldest first' {
            (Invoke-Script Update-NodePool.ps1 @{ Pool = 'general' }).ExitCode | Should -Be 0
            Should -Invoke Restart-HaNode -Times 2 -Exactly
        }
        It 'leaves younger ones alone' {
            (Invoke-Script Update-NodePool.ps1 @{ Pool = 'general'; OlderThanDays = 30 }).ExitCode | Should -Be 0
            Should -Invoke Restart-HaNode -Times 1 -Exactly -ParameterFilter { $Node -eq 'node-40' }
        }
        It 'begins the next node when the pods of the last one are ready elsewhere, and does not wait for what was not ready before' {
            $asked = [System.Collections.Generic.List[int]]::new()
            Mock Get-HaWorkload {
                $asked.Add($asked.Count + 1)
                New-Workload payments api 3
                $late = New-Workload payments worker 3
                [HaCluster.WorkloadStatus].GetProperty('Ready').SetValue($late, ($asked.Count -in 2, 3) ? 2 : 3)
                $late
                $broken = New-Workload site hello 3
                [HaCluster.WorkloadStatus].GetProperty('Ready').SetValue($broken, 1)
                $broken
            }
            (Invoke-Script Update-NodePool.ps1 @{ Pool = 'general' }).ExitCode | Should -Be 0
            $asked.Count | Should -Be 4
            Should -Invoke Start-Sleep -Times 2 -Exactly
            Should -Invoke Restart-HaNode -Times 2 -Exactly
        }
        It 'stops at the first failure' {
            Mock Restart-HaNode { throw (New-Failure StepFailed 'no replacement became ready') }
            (Invoke-Script Update-NodePool.ps1 @{ Pool = 'general' }).ExitCode | Should -Be 1
            Should -Invoke Restart-HaNode -Times 1 -Exactly
        }
    }

    Context 'Publish-Release' {
        BeforeEach { Mock Get-HaWorkload { New-Workload payments api 3 'a:1' } }

        It 'releases another image' {
            Mock Update-HaWorkload { [pscustomobject]@{ State = 'Succeeded' } }
            (Invoke-Script Publish-Release.ps1 @{ Namespace = 'payments'; Name = 'api'; Image = 'a:2' }).ExitCode | Should -Be 0
            Should -Invoke Update-HaWorkload -Times 1 -Exactly -ParameterFilter { $Image -eq 'a:2' }
        }
        It 'does nothing when the image runs already' {
            Mock Update-HaWorkload { }
            (Invoke-Script Publish-Release.ps1 @{ Namespace = 'payments'; Name = 'api'; Image = 'a:1' }).ExitCode | Should -Be 0
            Should -Invoke Update-HaWorkload -Times 0
        }
        It 'says with exit code 4 that it was rolled back' {
            Mock Update-HaWorkload { [pscustomobject]@{ State = 'RolledBack' } }
            (Invoke-Script Publish-Release.ps1 @{ Namespace = 'payments'; Name = 'api'; Image = 'a:2' }).ExitCode | Should -Be 4
        }
        It 'refuses the image <_>' -ForEach 'a', 'a:latest' { { & (Join-Path $Folder Publish-Release.ps1) -Namespace payments -Name api -Image $_ } | Should -Throw }
    }

    Context 'Test-DatabaseFailover' {
        BeforeEach {
            function New-Database([string] $Health, [string] $ReaderZone) {
                $instances = [HaCluster.DatabaseInstanceStatus[]] @(
                    [HaCluster.DatabaseInstanceStatus]::new('db-1', 'eu-central-1a', 'db.r7g.large', $true, 'available', 0)
                    [HaCluster.DatabaseInstanceStatus]::new('db-2', $ReaderZone, 'db.r7g.large', $false, 'available', 1))
                [HaCluster.DatabaseStatus]::new('db', 'aurora-postgresql 17.7', 'available', $Health, 'db-1', 'eu-central-1a', $instances, 'db.example', '')
            }
        }

        It 'is within its objective' {
            Mock Get-HaDatabase { New-Database Healthy 'eu-central-1b' }
            Mock Invoke-HaDatabaseFailover { [pscustomobject]@{ Took = [timespan]::FromSeconds(20) } }
            (Invoke-Script Test-DatabaseFailover.ps1 @{ Confirm = $false }).ExitCode | Should -Be 0
        }
        It 'says with exit code 4 that it took too long' {
            Mock Get-HaDatabase { New-Database Healthy 'eu-central-1b' }
            Mock Invoke-HaDatabaseFailover { [pscustomobject]@{ Took = [timespan]::FromSeconds(200) } }
            (Invoke-Script Test-DatabaseFailover.ps1 @{ Confirm = $false }).ExitCode | Should -Be 4
        }
        It 'is refused when <What>' -ForEach @(@{ What = 'no reader is in another zone'; Health = 'Healthy'; Zone = 'eu-central-1a' }, @{ What = 'it is not healthy'; Health = 'Degraded'; Zone = 'eu-central-1b' }) {
            $script:made = New-Database $Health $Zone
            Mock Get-HaDatabase { $made }
            Mock Invoke-HaDatabaseFailover { }
            (Invoke-Script Test-DatabaseFailover.ps1).ExitCode | Should -Be 3
            Should -Invoke Invoke-HaDatabaseFailover -Times 0
        }
    }

    Context 'Reviews and reports' {
        It 'lists quotas that are nearly used up, with exit code 4' {
            Mock Get-HaQuota {
                [HaCluster.QuotaStatus]::new('payments', 'quota', 'requests.memory', '30Gi', '32Gi', 93.8, 'Degraded')
                [HaCluster.QuotaStatus]::new('payments', 'quota', 'pods', '3', '100', 3, 'Healthy')
                [HaCluster.QuotaStatus]::new('payments', 'quota', 'requests.cpu', '4', '8', 50, 'Healthy')
            }
            $run = Invoke-Script Get-QuotaReview.ps1
            $run.ExitCode | Should -Be 4
            $run.Output.Finding | Should -Be 'nearly used up', 'far too large'
        }
        It 'finds a certificate that ends and a backup that is old' {
            $certificate = [HaCluster.CertificateStatus]::new('platform', 'site', [string[]] @('a.example'), 'Degraded', $true, $At.AddDays(3), $null, '')
            $backup = [HaCluster.BackupStatus]::new('platform', 'old', 'objects', 'Completed', 'Healthy', $At.AddDays(-4), $At.AddDays(-3), $null, 0, 0, [string[]] @(), '')
            $script:made = New-Cluster Degraded @{ Certificates = [HaCluster.CertificateStatus[]] @($certificate); Backups = [HaCluster.BackupStatus[]] @($backup) }
            Mock Get-HaCluster { $made }
            $run = Invoke-Script Test-CertificateAndBackup.ps1
            $run.ExitCode | Should -Be 4
            $run.Output.Finding | Should -Be @((($run.Output[0].Finding)), 'the newest, and 72 hours old')
            $run.Output[0].Finding | Should -Match '^[23] days left\z'
        }
        It 'counts a cluster without a backup as a finding' {
            $script:made = New-Cluster
            Mock Get-HaCluster { $made }
            $run = Invoke-Script Test-CertificateAndBackup.ps1
            $run.ExitCode | Should -Be 4
            $run.Output.Finding | Should -Be 'none is complete'
        }
        It 'counts what cannot be read as a finding' {
            $script:made = New-Cluster Unknown @{ Unknown = [HaCluster.UnknownPart[]] @([HaCluster.UnknownPart]::new('backups', 'permission missing', 'PermissionDenied')) }
            Mock Get-HaCluster { $made }
            (Invoke-Script Test-CertificateAndBackup.ps1).ExitCode | Should -Be 4
        }
        It 'posts the report to Slack, escaped, and shows the webhook nowhere' {
            'https://hooks.example/secret' | Set-Content (Join-Path $TestDrive hook)
            $script:made = New-Cluster Critical @{ Findings = [string[]] @('payments/db <waits> & more') }
            Mock Get-HaCluster { $made }
            Mock Invoke-RestMethod { 'ok' }
            $run = Invoke-Script Send-HealthReport.ps1 @{ WebhookFile = (Join-Path $TestDrive hook) }
            $run.ExitCode | Should -Be 0
            Should -Invoke Invoke-RestMethod -Times 1 -Exactly -ParameterFilter { $Uri -eq 'https://hooks.example/secret' -and ($Body | ConvertFrom-Json).text -match 'payments/db &lt;waits&gt; &amp; more' }
            $run.Text | Should -Not -Match 'hooks.example'
        }
        It 'says that Slack did not take it, without the webhook' {
            'https://hooks.example/secret' | Set-Content (Join-Path $TestDrive hook)
            $script:made = New-Cluster
            Mock Get-HaCluster { $made }
            Mock Invoke-RestMethod { throw 'POST https://hooks.example/secret failed: 404' }
            $run = Invoke-Script Send-HealthReport.ps1 @{ WebhookFile = (Join-Path $TestDrive hook) }
            $run.ExitCode | Should -Be 1
            $run.Text | Should -Match '\[webhook\]'
            $run.Text | Should -Not -Match 'hooks.example'
        }
        It 'sends nothing when only findings are wanted and there are none' {
            $script:made = New-Cluster
            Mock Get-HaCluster { $made }
            Mock Invoke-RestMethod { }
            (Invoke-Script Send-HealthReport.ps1 @{ OnlyFindings = $true }).ExitCode | Should -Be 0
            Should -Invoke Invoke-RestMethod -Times 0
        }
        It 'writes a transcript' {
            $backup = [HaCluster.BackupStatus]::new('platform', 'new', 'objects', 'Completed', 'Healthy', $At.AddHours(-3), $At.AddHours(-2), $null, 0, 0, [string[]] @(), '')
            $script:made = New-Cluster Healthy @{ Backups = [HaCluster.BackupStatus[]] @($backup) }
            Mock Get-HaCluster { $made }
            (Invoke-Script Test-CertificateAndBackup.ps1 @{ TranscriptDirectory = (Join-Path $TestDrive logs) }).ExitCode | Should -Be 0
            Get-ChildItem (Join-Path $TestDrive logs) | Should -HaveCount 1
        }
        It 'sends nothing with -WhatIf' {
            $script:made = New-Cluster Critical
            Mock Get-HaCluster { $made }
            Mock Invoke-RestMethod { }
            (Invoke-Script Send-HealthReport.ps1 @{ WhatIf = $true }).ExitCode | Should -Be 0
            Should -Invoke Invoke-RestMethod -Times 0
        }
    }
}
