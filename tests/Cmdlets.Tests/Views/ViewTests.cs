using System.Xml.Linq;
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
        $ledger = [HaCluster.LedgerStatus]::new('payments', 'Critical', 12345678901, 12345670000, [timespan]::FromMinutes(7), [timespan]::Zero, 12, 3, 0, $false, $false, $true, 12345670000, $at, 2, 3, 'the archive was changed; 1 of 3 replicas do not answer')
        $ledgerTest = [HaCluster.LedgerTest]::new('payments', $false, 12345678901, 12345670000, $at, [string[]]@('the last verification found a change; the log of the pods and `ledger verify` name it'))
        $wallet = [HaCluster.WalletStatus]::new('wal_019c1a6e7f2b7c2e8a4d5e6f70819203', 'hot', 'ethereum', '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
            [HaCluster.WalletBalance[]]@([HaCluster.WalletBalance]::new('ethereum', [bigint]::Parse('123456789012345678901234567890'), 90)), 'Suspended', 'bitcoin replaced four blocks')
        $transfer = [HaCluster.TransferStatus]::new('trf_019c1a6e7f2b7c2e8a4d5e6f70819203', 'wal_019c1a6e7f2b7c2e8a4d5e6f70819203', 'ethereum/0xdac17f958d2ee523a2206206994597c13d831ec7', 60,
            '0x70997970C51812dc3A010C7d01b50e0d17dc79C8', 'created', 0, 1, $null, $null, $null, 'shop', $at, $at)
        $data = [System.Collections.Generic.Dictionary[string,object]]::new(); $data['amount'] = '12.00'
        $ledgerRecord = [HaCluster.LedgerRecord]::new('payments', 1234567890, 'pay-2026-01-31-000017', 'bank-gateway', $at, $at, 17, $data, '{"amount":"12.00","beneficiary":"a name that is so long that it goes on in the next line"}', 'ab')
        $quota = [HaCluster.QuotaStatus]::new('payments', 'quota', 'requests.memory', '30Gi', '32Gi', 93.8, 'Degraded')
        $cluster = [HaCluster.ClusterStatus]::new('ha-cluster-prod', 'Critical', 'v1.36.2', 'eu-central-1', $at)
        $set = { param($name, $value) $cluster.GetType().GetProperty($name).SetValue($cluster, $value) }
        & $set Zones ([HaCluster.ZoneStatus[]] $zones); & $set BelowStrength ([HaCluster.WorkloadStatus[]] @($workload)); & $set NearlyFull ([HaCluster.QuotaStatus[]] @($quota))
        & $set Workloads 51; & $set Quotas 60; & $set Nodes ([HaCluster.NodeCounts]::new(9, 8, 3)); & $set Pods ([HaCluster.PodCounts]::new(142, 131, 11, 0))
        & $set Findings ([string[]] @('zone eu-central-1c: 1 node is not ready, and this sentence is so long that it does not fit into a hundred columns of a terminal at all; it goes on in a second line, and is cut at the end of that one'))
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
        Assert.StartsWith("  ", lines[3], StringComparison.Ordinal);
        Assert.EndsWith("…", lines[3], StringComparison.Ordinal);
        Assert.Contains("eu-central-1a   Degraded  nodes 3/3, 3 cordoned  pods 0/0  shifted away until", screen, StringComparison.Ordinal);
        Assert.Contains("1 of 51 below strength", screen, StringComparison.Ordinal);
        Assert.Contains("2/3 payments/finance-log b1 c1 one pod waits for a node", screen, StringComparison.Ordinal);
        Assert.Contains("94% payments requests.memory: 30Gi of 32Gi", screen, StringComparison.Ordinal);
        Assert.Contains("databases: permission missing: rds:DescribeDBClusters", screen, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', screen);
    }

    [Theory]
    [InlineData("$zones", "Zone            Health", "eu-central-1a   Degraded")]
    [InlineData("$workload", "Namespace", "finance-log")]
    [InlineData("$quota", "Resource", "94%")]
    [InlineData("$shift", "Until", "ha-cluster-prod")]
    [InlineData("$ledger", "Signed", "12345670000")]
    [InlineData("$ledgerTest", "Findings", "False")]
    [InlineData("$wallet", "Forwarding", "Suspended")]
    [InlineData("$transfer", "State", "created")]
    [InlineData("$ledgerRecord", "Producer", "1234567890")]
    public void A_table_fits_and_has_its_columns(string what, string header, string row)
    {
        using var shell = new Shell();
        var table = shell.Show($"{Objects}\n{what}");
        Assert.All(table.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
        Assert.Contains(header, table, StringComparison.Ordinal);
        Assert.Contains(row, table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void A_table_cuts_nothing_at_any_width(int width)
    {
        using var shell = new Shell();
        var table = shell.Show($"{Objects}\n$zones", width);
        Assert.DoesNotContain("…", table, StringComparison.Ordinal);
        Assert.All(table.Split('\n'), line => Assert.True(line.TrimEnd().Length <= width, line));
        // A name that does not fit goes on below.
        var joined = string.Concat(table.Split('\n').Select(line => line.Length > 49 ? line[49..] : "").Select(part => part.Trim()));
        Assert.Contains("ha-cluster-prod-postgresql", joined, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_table_leaves_the_rest_of_the_line_to_its_last_column_which_wraps()
    {
        var views = XDocument.Load(Path.Combine(Checkout.Module, "HaCluster.format.ps1xml")).Descendants("View").Where(view => view.Element("TableControl") is not null).ToList();
        Assert.NotEmpty(views);
        Assert.All(views, view =>
        {
            var widths = view.Descendants("TableColumnHeader").Select(column => (int?)column.Element("Width")).ToList();
            Assert.True(widths[..^1].All(width => width is not null), (string?)view.Element("Name"));
            Assert.NotNull(view.Descendants("TableRowEntry").Single().Element("Wrap"));
            var before = widths[..^1].Sum()! + widths.Count - 1;
            Assert.True(before + (widths[^1] ?? 12) <= 80, (string?)view.Element("Name"));
            if (widths[^1] is null)
                Assert.Contains($"BufferSize.Width, {before}, ", view.Descendants("TableColumnItem").Last().Value, StringComparison.Ordinal);
        });
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

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    public void A_plan_breaks_no_word_at_any_width(int width)
    {
        var reason = "pods platform/velero-v22mhmrtvh-rqkmp, site-hello/hello-b2k9hrpb7c-lqt6l: does not fit on the remaining nodes: 0/6 nodes are available: 1 Insufficient cpu";
        var plan = new OperationPlan
        {
            Command = "Switch-HaZone",
            Target = "zone eu-central-1a",
            Summary = "Evacuate zone eu-central-1a: 2 shifts, 3 nodes, 2 database writers",
            Steps =
            [
                new OperationStep { Id = "shift", Number = 1, Title = "Shift ha-cluster-prod away", Expected = TimeSpan.FromSeconds(2), State = StepState.Blocked, Detail = "it is shifted away from euc1-az2 until tomorrow, and AWS allows one shift per resource" },
                new OperationStep { Id = "evict", Number = 12, Title = "Evict StatefulSet monitoring/alertmanager-monitoring-alertmanager, one pod at a time", Expected = TimeSpan.FromSeconds(90) },
            ],
            Refusals = [new Refusal { Code = "RestWouldNotHold", Reason = reason, Advice = "Add capacity first", Forceable = true }],
        };
        using var shell = new Shell();
        shell.Runspace.SessionStateProxy.SetVariable("plan", plan);
        var lines = shell.Run($"[HaCluster.Cmdlets.Views.Texts]::Plan($plan, {width})").Clean().Text.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains(lines, line => line.EndsWith("  1 min 30 s", StringComparison.Ordinal));
        // Taken together again, nothing is missing and nothing is cut.
        var words = string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        Assert.Superset(plan.Steps.SelectMany(step => step.Title.Split(' ')).Concat($"{reason}.".Split(' ')).ToHashSet(), words);
    }

    [Theory]
    [InlineData(80, 3)]
    [InlineData(120, 2)]
    public void A_recommendation_breaks_no_word_behind_the_label_of_powershell(int width, int count)
    {
        using var shell = new Shell();
        const string advice = "Use credentials of the account and the region of the kubeconfig's cluster (AWS_PROFILE, AWS_REGION), or write the kubeconfig again: aws eks update-kubeconfig";
        var told = $"  Recommendation: {shell.Run($"[HaCluster.Cmdlets.Views.Texts]::Recommendation('{advice.Replace("'", "''", StringComparison.Ordinal)}', {width})").Clean().Text}";
        var lines = told.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(count, lines.Length);
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Equal($"Recommendation: {advice}", string.Join(' ', lines.Select(line => line.Trim())));
        // A log or a job has no width.
        Assert.Equal(advice, shell.Run($"[HaCluster.Cmdlets.Views.Texts]::Recommendation('{advice.Replace("'", "''", StringComparison.Ordinal)}', 0)").Clean().Text);
    }

    [Theory]
    [InlineData(80, "Switch-HaZone", false)]
    [InlineData(120, "Switch-HaZone", true)]
    [InlineData(0, "Switch-HaZone", true)]
    public void An_operation_is_told_without_a_broken_word(int width, string command, bool hasCommand)
    {
        using var shell = new Shell();
        var operation = new OperationRecord
        {
            Id = "20261129-031500-switch-zone-4f2a",
            Command = command,
            Target = "zone eu-central-1a",
            State = OperationState.Succeeded,
            By = "ada@laptop",
            Started = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
            Steps = [],
        };
        shell.Runspace.SessionStateProxy.SetVariable("operation", operation);
        var text = shell.Run($"[HaCluster.Cmdlets.Views.Paint]::Operation({width}, 63, $operation)").Clean().Text;
        Assert.Equal($"{(hasCommand ? $"{command} " : "")}zone eu-central-1a by ada@laptop", text.ReplaceLineEndings(" "));
    }

    [Fact]
    public void A_list_of_a_database_has_a_line_for_each_instance()
    {
        using var shell = new Shell();
        var list = shell.Show("""
            $instances = [HaCluster.DatabaseInstanceStatus[]] @(
                [HaCluster.DatabaseInstanceStatus]::new('ha-cluster-prod-mysql-1', 'eu-central-1a', 'db.r7g.large', $true, 'available', 0)
                [HaCluster.DatabaseInstanceStatus]::new('ha-cluster-prod-mysql-2', 'eu-central-1b', 'db.r7g.large', $false, 'available', 1))
            [HaCluster.DatabaseStatus]::new('ha-cluster-prod-mysql', 'aurora-mysql 8.0', 'available', 'Healthy', 'ha-cluster-prod-mysql-1', 'eu-central-1a', $instances, 'db.example', '') | Format-List
            """, 80);
        Assert.Contains("Instances  : ha-cluster-prod-mysql-1 (writer, eu-central-1a, available)\n             ha-cluster-prod-mysql-2 (reader,", list.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_not_be_read_is_not_shown_as_if_there_were_none()
    {
        string[] parts = ["nodes", "pods", "deployments", "quotas", "databases", "alerts", "certificates", "backups"];
        var cluster = new ClusterStatus("ha-cluster-prod", Health.Unknown, "v1.36.2", "eu-central-1", DateTimeOffset.UnixEpoch)
        {
            Unknown = [.. parts.Select(part => new UnknownPart(part, $"127.0.0.1:1: Connection refused (list {part}). Check the network", FailureKind.Unreachable) { Cause = "127.0.0.1:1: Connection refused. Check the network" })],
        };
        using var shell = new Shell();
        shell.Runspace.SessionStateProxy.SetVariable("cluster", cluster);
        var screen = shell.Show("$cluster").Split('\n');
        foreach (var title in (string[])["Nodes", "Workloads", "Quotas", "Databases", "Chains", "Alerts", "Certificates", "Backups"])
            Assert.Equal("not known", Assert.Single(screen, line => line.StartsWith(title, StringComparison.Ordinal))[14..]);
        // One cause is told once.
        Assert.Single(screen, line => line.Contains("Connection refused", StringComparison.Ordinal));
    }
}
