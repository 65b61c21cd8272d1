# The runbook scripts on a running local twin of the stack prod, with nothing mocked but Slack: tried with -WhatIf, run, run again, and with a failure.
# What the twin cannot do is tried with mocks in Runbooks.Tests.ps1: a database without a reader in another zone, and a certificate that ends.
BeforeAll {
    Import-Module HaCluster
    $script:Folder = Join-Path $PSScriptRoot '../../../examples/runbooks' | Resolve-Path
    [void] (Connect-HaCluster -Local)
    $script:Zone = (Get-HaZone)[0].Name

    # Runs a runbook with the twin, and gives its output and exit code.
    function Invoke-Script([string] $Name, [hashtable] $Parameters = @{}) {
        $global:LASTEXITCODE = -1
        $output = & (Join-Path $Folder $Name) -Local @Parameters 3>&1 2>&1 6>&1
        [pscustomobject]@{ Output = @($output); ExitCode = $LASTEXITCODE; Text = ($output | Out-String -Width 400) }
    }
    function Get-Front { Get-HaWorkload bitcoin-front -Namespace chains }
    # Those whose budgets let no pod go at any time.
    $script:Rigid = @(Get-HaWorkload | Where-Object Disruptions -EQ 0).Name
    # What an earlier test moved may still start, and a pod that is back under its old name counts against its budget for a while.
    function Wait-FullStrength {
        $end = [datetime]::UtcNow.AddMinutes(6)
        while ($late = @(Get-HaWorkload | Where-Object { $_.IsBelowStrength -or $_.Disruptions -eq 0 -and $_.Name -notin $Rigid })) {
            if ([datetime]::UtcNow -gt $end) { throw "not at full strength after six minutes: $($late | Out-String -Width 400)" }
            Start-Sleep -Milliseconds 100
        }
    }
    function Get-OperationCount { @(Get-HaOperation).Count }
}

Describe 'Invoke-ZoneEvacuation' {
    It 'changes nothing with -WhatIf' {
        $before = Get-OperationCount
        (Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = $Zone; WhatIf = $true }).ExitCode | Should -Be 0
        Get-OperationCount | Should -Be $before
        (Get-HaZone $Zone).CordonedNodes | Should -Be 0
    }
    It 'resumes an evacuation that was stopped, and leaves a transcript' {
        $job = 1 | ForEach-Object -AsJob -Parallel { Import-Module HaCluster; Switch-HaZone $using:Zone -Confirm:$false -ErrorAction SilentlyContinue }
        do { Start-Sleep -Milliseconds 50; $begun = Get-HaOperation -State Running } until ($begun -or $job.State -ne 'Running')
        Stop-HaOperation $begun.Id -Confirm:$false
        [void] ($job | Receive-Job -Wait -AutoRemoveJob)
        $run = Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = $Zone; Confirm = $false; TranscriptDirectory = (Join-Path $TestDrive logs) }
        $run.ExitCode | Should -Be 0 -Because $run.Text
        (Get-HaOperation $begun.Id).State | Should -Be Succeeded
        $zoneNow = Get-HaZone $Zone
        $zoneNow.CordonedNodes | Should -Be $zoneNow.Nodes
        Get-ChildItem (Join-Path $TestDrive logs) | Get-Content -Raw | Should -Match 'Resume-HaOperation|Switch-HaZone'
    }
    It 'does nothing when it is run again' {
        $before = Get-OperationCount
        $run = Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = $Zone; Confirm = $false }
        $run.Text | Should -Match 'evacuated already: nothing to do'
        Get-OperationCount | Should -Be $before
    }
    It 'is refused with exit code 3 while another zone is evacuated' {
        $other = (Get-HaZone)[1].Name
        $run = Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = $other; Confirm = $false }
        $run.ExitCode | Should -Be 3 -Because $run.Text
        (Get-HaZone $other).CordonedNodes | Should -Be 0
    }
    It 'returns to the zone, once' {
        (Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = $Zone; Return = $true; Confirm = $false }).ExitCode | Should -Be 0
        (Get-HaZone $Zone).CordonedNodes | Should -Be 0
        (Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = $Zone; Return = $true; Confirm = $false }).Text | Should -Match 'in service: nothing to do'
    }
    It 'says with exit code 1 which zones there are' {
        $run = Invoke-Script Invoke-ZoneEvacuation.ps1 @{ Zone = 'eu-central-1x'; Confirm = $false }
        $run.ExitCode | Should -Be 1
        $run.Text | Should -Match 'eu-central-1a, eu-central-1b, eu-central-1c'
    }
    It 'ends its process with exit code 5 when there is no such context' {
        & dotnet (Join-Path $PSHOME pwsh.dll) -NoProfile -NonInteractive -File (Join-Path $Folder Invoke-ZoneEvacuation.ps1) -Context nowhere -Zone eu-central-1a '-Confirm:$false' *> $null
        $LASTEXITCODE | Should -Be 5
    }
}

Describe 'Invoke-EventScaling' {
    BeforeAll {
        $script:plan = Join-Path $TestDrive plan.csv
        "Namespace,Name,Normal,Event`nchains,bitcoin-front,3,4`nchains,ethereum-front,3,4" | Set-Content $plan
    }

    It 'changes nothing with -WhatIf' {
        (Invoke-Script Invoke-EventScaling.ps1 @{ Plan = $plan; WhatIf = $true }).ExitCode | Should -Be 0
        (Get-Front).Desired | Should -Be 3
    }
    It 'scales up, and leaves alone what is scaled' {
        (Invoke-Script Invoke-EventScaling.ps1 @{ Plan = $plan }).ExitCode | Should -Be 0
        (Get-Front).Desired | Should -Be 4
        (Invoke-Script Invoke-EventScaling.ps1 @{ Plan = $plan }).Text | Should -Match 'bitcoin-front has 4 replicas already'
    }
    It 'scales back' {
        (Invoke-Script Invoke-EventScaling.ps1 @{ Plan = $plan; Back = $true }).ExitCode | Should -Be 0
        (Get-HaWorkload *-front -Namespace chains).Desired | Should -Be 3, 3
    }
    It 'goes on after a refusal, and says so with exit code 3' {
        "Namespace,Name,Normal,Event`nchains,ethereum-front,3,5000`nchains,bitcoin-front,3,4" | Set-Content $plan
        $run = Invoke-Script Invoke-EventScaling.ps1 @{ Plan = $plan }
        $run.ExitCode | Should -Be 3 -Because $run.Text
        (Get-HaWorkload ethereum-front, bitcoin-front -Namespace chains | Sort-Object Name).Desired | Should -Be 4, 3
        (Invoke-Script Invoke-EventScaling.ps1 @{ Plan = $plan; Back = $true }).ExitCode | Should -Be 0
    }
}

Describe 'Update-NodePool' {
    It 'changes nothing with -WhatIf' {
        $before = (Get-HaNode).InstanceId
        (Invoke-Script Update-NodePool.ps1 @{ Pool = 'stateful-1*'; WhatIf = $true }).ExitCode | Should -Be 0
        (Get-HaNode).InstanceId | Should -Be $before
    }
    It 'replaces the nodes of a pool' {
        Wait-FullStrength
        $before = (Get-HaNode -Pool 'stateful-1*').InstanceId
        $run = Invoke-Script Update-NodePool.ps1 @{ Pool = 'stateful-1*' }
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $after = Get-HaNode -Pool 'stateful-1*'
        $after.InstanceId | Should -Not -Contain $before
        $after.IsReady | Should -Not -Contain $false
    }
    It 'leaves young nodes alone' {
        (Invoke-Script Update-NodePool.ps1 @{ Pool = 'stateful-1*'; OlderThanDays = 30 }).Text | Should -Match 'nothing to do'
    }
    It 'is refused with exit code 3 where a workload would stop serving' {
        # The only replica of something that the settings do not accept to be away.
        $twin = Get-Content "$env:XDG_STATE_HOME/ha-cluster/twins/tests/twin.json" | ConvertFrom-Json
        $config = Get-Content $twin.kubeconfig -Raw
        $server = $twin.kubernetes
        $call = @{ Headers = @{ Authorization = 'Bearer ' + [regex]::Match($config, 'token: "?([^"\s]+)').Groups[1].Value }; SkipCertificateCheck = $true; ContentType = 'application/json' }
        $pods = @{ metadata = @{ labels = @{ app = 'single' } }; spec = @{ containers = @(@{ name = 'main'; image = 'registry.example.com/single:1'; resources = @{ requests = @{ cpu = '50m'; memory = '32Mi' } } }) } }
        $deployment = @{ metadata = @{ name = 'single' }; spec = @{ replicas = 1; selector = @{ matchLabels = @{ app = 'single' } }; template = $pods } }
        [void] (Invoke-RestMethod @call -Method Post "$server/api/v1/namespaces" -Body (@{ metadata = @{ name = 'alone' } } | ConvertTo-Json))
        [void] (Invoke-RestMethod @call -Method Post "$server/apis/apps/v1/namespaces/alone/deployments" -Body ($deployment | ConvertTo-Json -Depth 10))
        try {
            Wait-FullStrength
            $run = Invoke-Script Update-NodePool.ps1 @{ Pool = 'general-*' }
        }
        finally {
            [void] (Invoke-RestMethod @call -Method Delete "$server/api/v1/namespaces/alone")
        }
        $run.ExitCode | Should -Be 3 -Because $run.Text
        $run.Text | Should -Match 'alone/single[\s\S]*Recommendation: Add capacity or replicas first'
    }
}

Describe 'Publish-Release' {
    BeforeAll { $script:release = @{ Namespace = 'chains'; Name = 'bitcoin-front'; Image = 'public.ecr.aws/docker/library/haproxy:3.2.25-alpine'; ObserveSeconds = 1 } }

    It 'changes nothing with -WhatIf' {
        (Invoke-Script Publish-Release.ps1 ($release + @{ WhatIf = $true })).ExitCode | Should -Be 0
        (Get-Front).Images | Should -Not -Contain $release.Image
    }
    It 'releases, and does nothing when it is run again' {
        (Invoke-Script Publish-Release.ps1 $release).ExitCode | Should -Be 0
        (Get-Front).Images | Should -Contain $release.Image
        (Invoke-Script Publish-Release.ps1 $release).Text | Should -Match 'already: nothing to do'
    }
    It 'rolls back a release that does not become ready, with exit code 4' {
        # No pod can be created any more, so the new one never becomes ready.
        $pods = (Get-HaQuota chains | Where-Object { $_.Name -eq 'quota' -and $_.Resource -eq 'pods' }).Hard
        Set-HaQuota chains -Pods 1 -Force -WarningAction Ignore
        try {
            $run = Invoke-Script Publish-Release.ps1 @{ Namespace = 'chains'; Name = 'bitcoin-front'; Image = 'public.ecr.aws/docker/library/haproxy:9.9.9'; ObserveSeconds = 1; TimeoutSeconds = 5 }
            $run.ExitCode | Should -Be 4 -Because $run.Text
            (Get-Front).Images | Should -Contain 'public.ecr.aws/docker/library/haproxy:3.2.25-alpine'
        }
        finally { Set-HaQuota chains -Pods $pods -WarningAction Ignore }
    }
    It 'says with exit code 1 that there is no such workload' {
        (Invoke-Script Publish-Release.ps1 @{ Namespace = 'chains'; Name = 'nothing'; Image = 'a:1' }).ExitCode | Should -Be 1
    }
}

Describe 'Test-DatabaseFailover' {
    BeforeAll { $script:Database = 'ha-cluster-prod-mysql' }

    It 'changes nothing with -WhatIf' {
        $writer = (Get-HaDatabase $Database).Writer
        (Invoke-Script Test-DatabaseFailover.ps1 @{ Database = $Database; WhatIf = $true }).ExitCode | Should -Be 0
        (Get-HaDatabase $Database).Writer | Should -Be $writer
    }
    It 'fails over and returns' {
        $before = Get-OperationCount
        $writer = (Get-HaDatabase $Database).Writer
        $run = Invoke-Script Test-DatabaseFailover.ps1 @{ Database = $Database; Return = $true; Confirm = $false }
        $run.ExitCode | Should -Be 0 -Because $run.Text
        Get-OperationCount | Should -Be ($before + 2)
        (Get-HaDatabase $Database).Writer | Should -Be $writer
    }
    It 'says with exit code 4 that it took longer than the objective, and returns all the same' {
        # Half a minute of the twin's time, which runs sixty times as fast.
        $writer = (Get-HaDatabase $Database).Writer
        $run = Invoke-Script Test-DatabaseFailover.ps1 @{ Database = $Database; ObjectiveSeconds = 0.2; Return = $true; Confirm = $false }
        $run.ExitCode | Should -Be 4 -Because $run.Text
        $run.Text | Should -Match 'The failover took [\d.]+ s; the objective is 0.2 s'
        (Get-HaDatabase $Database).Writer | Should -Be $writer
    }
    It 'asks for the name where there are several, with exit code 1' {
        $run = Invoke-Script Test-DatabaseFailover.ps1 @{ Confirm = $false }
        $run.ExitCode | Should -Be 1
        $run.Text | Should -Match 'ha-cluster-prod-postgresql'
    }
}

Describe 'Reviews and reports' {
    It 'finds quotas by their use' {
        $run = Invoke-Script Get-QuotaReview.ps1 @{ High = 15; Low = 0 }
        $run.ExitCode | Should -Be 4
        $run.Output.Namespace | Should -Contain chains
        (Invoke-Script Get-QuotaReview.ps1 @{ High = 100; Low = 0 }).ExitCode | Should -Be 0
    }
    It 'finds certificates that end before the given days' {
        $run = Invoke-Script Test-CertificateAndBackup.ps1 @{ CertificateDays = 91 }
        $run.ExitCode | Should -Be 4
        $run.Output.Subject | Should -Contain 'certificate chains/bitcoin-front-tls'
    }
    It 'sends the report to a stand-in of Slack, and nothing with -WhatIf' {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start(); $port = $listener.LocalEndpoint.Port; $listener.Stop()
        $slack = [System.Net.HttpListener]::new()
        $slack.Prefixes.Add("http://127.0.0.1:$port/")
        $slack.Start()
        try {
            "http://127.0.0.1:$port/services/secret" | Set-Content (Join-Path $TestDrive hook)
            $received = $slack.GetContextAsync()
            (Invoke-Script Send-HealthReport.ps1 @{ WebhookFile = (Join-Path $TestDrive hook); WhatIf = $true }).ExitCode | Should -Be 0
            $received.IsCompleted | Should -BeFalse
            $job = 1 | ForEach-Object -AsJob -Parallel {
                $context = ($using:received).GetAwaiter().GetResult()
                [System.IO.StreamReader]::new($context.Request.InputStream).ReadToEnd()
                $context.Response.Close()
            }
            $run = Invoke-Script Send-HealthReport.ps1 @{ WebhookFile = (Join-Path $TestDrive hook) }
            $run.ExitCode | Should -Be 0 -Because $run.Text
            (($job | Receive-Job -Wait -AutoRemoveJob) | ConvertFrom-Json).text | Should -Match 'ha-cluster-prod'
            $run.Text | Should -Not -Match 'services/secret'
        }
        finally { $slack.Close() }
    }
    It 'says with exit code 1 that Slack cannot be reached, without the webhook' {
        'http://127.0.0.1:1/services/secret' | Set-Content (Join-Path $TestDrive hook)
        $run = Invoke-Script Send-HealthReport.ps1 @{ WebhookFile = (Join-Path $TestDrive hook) }
        $run.ExitCode | Should -Be 1
        $run.Text | Should -Not -Match 'services/secret'
    }
}
