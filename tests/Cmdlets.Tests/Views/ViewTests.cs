using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Views;

/// <summary>What a person sees in a terminal of 100 columns.</summary>
public sealed class ViewTests
{
    private const string Objects = """
        $at = [datetimeoffset]::new(2026, 11, 29, 3, 15, 0, [timespan]::Zero)
        $shift = [HaCluster.ZoneShift]::new('arn:c', 'ha-cluster-prod', 'eu-central-1a', 'euc1-az2', 'id', 'ACTIVE', $at, $at.AddHours(12), 'drill')
        $zones = @(
            [HaCluster.ZoneStatus]::new('eu-central-1a', 'euc1-az2', 'Degraded', 3, 3, 3, 0, 0, $shift, [string[]]@(), 'shifted away')
            [HaCluster.ZoneStatus]::new('eu-central-1b', 'euc1-az3', 'Healthy', 3, 3, 0, 71, 71, $null, [string[]]@('ha-cluster-prod-postgresql'), '')
            [HaCluster.ZoneStatus]::new('eu-central-1c', 'euc1-az1', 'Critical', 3, 2, 0, 71, 60, $null, $null, '1 node is not ready'))
        $byZone = [System.Collections.Generic.Dictionary[string,int]]::new(); $byZone['eu-central-1b'] = 1; $byZone['eu-central-1c'] = 1
        $workload = [HaCluster.WorkloadStatus]::new('payments', 'finance-log', 'Deployment', 'Degraded', 3, 2, 3, $byZone, 1, 'finance-log', [string[]]@('finance-log:1'), 0, $at, 'one pod waits for a node')
        $quota = [HaCluster.QuotaStatus]::new('payments', 'quota', 'requests.memory', '30Gi', '32Gi', 93.8, 'Degraded')
        $cluster = [HaCluster.ClusterStatus]::new('ha-cluster-prod', 'Critical', 'v1.36.2', 'eu-central-1', $at)
        $set = { param($name, $value) $cluster.GetType().GetProperty($name).SetValue($cluster, $value) }
        & $set Zones ([HaCluster.ZoneStatus[]] $zones); & $set BelowStrength ([HaCluster.WorkloadStatus[]] @($workload)); & $set NearlyFull ([HaCluster.QuotaStatus[]] @($quota))
        & $set Workloads 51; & $set Quotas 60; & $set Nodes ([HaCluster.NodeCounts]::new(9, 8, 3)); & $set Pods ([HaCluster.PodCounts]::new(142, 131, 11, 0))
        & $set Findings ([string[]] @('zone eu-central-1c: 1 node is not ready, and this sentence is so long that it does not fit into a hundred columns of a terminal at all'))
        & $set Unknown ([HaCluster.UnknownPart[]] @([HaCluster.UnknownPart]::new('databases', 'permission missing: rds:DescribeDBClusters', 'PermissionDenied')))
        """;

    [Fact]
    public void A_cluster_is_one_screen_with_what_is_wrong_first()
    {
        using var shell = new Shell();
        var screen = shell.Show($"{Objects}\n$cluster");
        var lines = screen.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
        Assert.True(lines.Length <= 30, screen);
        Assert.Contains("ha-cluster-prod  Critical  Kubernetes v1.36.2  eu-central-1", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("! zone eu-central-1c", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("…", lines[2], StringComparison.Ordinal);
        Assert.Contains("eu-central-1a   Degraded  nodes 3/3, 3 cordoned  pods 0/0  shifted away until", screen, StringComparison.Ordinal);
        Assert.Contains("1 of 51 below strength", screen, StringComparison.Ordinal);
        Assert.Contains("2/3 payments/finance-log b1 c1 one pod waits for a node", screen, StringComparison.Ordinal);
        Assert.Contains("94% payments requests.memory: 30Gi of 32Gi", screen, StringComparison.Ordinal);
        Assert.Contains("databases: permission missing: rds:DescribeDBClusters", screen, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', screen);
    }

    [Theory]
    [InlineData("$zones", "Zone             Health", "eu-central-1a    Degraded")]
    [InlineData("$workload", "Namespace", "finance-log")]
    [InlineData("$quota", "Resource", "94%")]
    [InlineData("$shift", "Until", "ha-cluster-prod")]
    public void A_table_fits_and_has_its_columns(string what, string header, string row)
    {
        using var shell = new Shell();
        var table = shell.Show($"{Objects}\n{what}");
        Assert.All(table.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
        Assert.Contains(header, table, StringComparison.Ordinal);
        Assert.Contains(row, table, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_mean_something_and_can_be_switched_off()
    {
        using var shell = new Shell();
        var coloured = shell.Run($"$PSStyle.OutputRendering = 'Ansi'; {Objects}\n$zones | Out-String -Width 100").Clean().Text;
        Assert.Contains("\e[33mDegraded\e[0m", coloured, StringComparison.Ordinal);
        Assert.Contains("\e[32mHealthy\e[0m", coloured, StringComparison.Ordinal);
        Assert.Contains("\e[31mCritical\e[0m", coloured, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', shell.Show($"{Objects}\n$zones"));
    }

    [SkippableFact]
    public void A_console_without_colours_gets_none()
    {
        Pwsh.Require();
        var (exitCode, output) = Pwsh.Run($"Import-Module '{Checkout.Manifest}'; {Objects}\n$zones; $cluster", environment: [("NO_COLOR", "1"), ("TERM", "dumb")]);
        Assert.True(exitCode == 0, output);
        Assert.Contains("eu-central-1a", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public void Every_record_that_a_cmdlet_writes_has_a_view()
    {
        using var shell = new Shell();
        var plain = shell.Run("""
            (Get-Command -Module HaCluster).OutputType.Type | Where-Object { $_.Namespace -eq 'HaCluster' } | Sort-Object FullName -Unique |
                Where-Object { -not (Get-FormatData $_.FullName -PowerShellVersion 7.6) } | ForEach-Object FullName
            """).Clean();
        Assert.Empty(plain.Output);
    }

    [Fact]
    public void A_plan_shows_its_steps_with_their_times_and_what_would_block_it()
    {
        using var shell = new Shell();
        var plan = new OperationPlan
        {
            Command = "Switch-HaZone",
            Target = "zone eu-central-1a",
            Summary = "Evacuate zone eu-central-1a: 1 shift, 1 node",
            Steps =
            [
                new OperationStep { Id = "shift", Number = 1, Title = "Shift traffic", Expected = TimeSpan.FromSeconds(2) },
                new OperationStep { Id = "cordon", Number = 2, Title = "Cordon node a", Expected = TimeSpan.FromSeconds(1), State = StepState.Unneeded, Detail = "it is cordoned" },
                new OperationStep { Id = "drain", Number = 3, Title = "Drain node a", Expected = TimeSpan.FromSeconds(130) },
            ],
            Refusals = [new Refusal { Code = "BudgetExhausted", Reason = "budget payments/db lets no pod go", Advice = "wait until payments/db-1 is ready", Forceable = true }],
        };
        shell.Runspace.SessionStateProxy.SetVariable("plan", plan);
        Assert.Equal(
            """
            Switch-HaZone zone eu-central-1a: Evacuate zone eu-central-1a: 1 shift, 1 node (about 2 min 12 s)
               1. Shift traffic  2 s
               2. Cordon node a  nothing to do: it is cordoned
               3. Drain node a   2 min 10 s
              would be refused without -Force: budget payments/db lets no pod go. wait until payments/db-1 is ready
            """.ReplaceLineEndings("\n"), shell.Show("$plan", width: 120));
    }
}
