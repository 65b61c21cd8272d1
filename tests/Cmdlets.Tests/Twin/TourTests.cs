using System.Management.Automation;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>The tour of the page, and what a person does on call, on a twin of the stack prod.</summary>
[Collection(TwinCollection.Name)]
public sealed class TourTests(TwinFixture twin)
{
    private Shell Shell => twin.Shell;

    [Fact]
    public void The_cluster_is_one_screen()
    {
        var cluster = Shell.Run("Get-HaCluster").Clean().Single<ClusterStatus>();
        Assert.Equal(3, cluster.Zones.Count);
        // The autoscaler may have added nodes during other tests.
        Assert.True(cluster.Nodes.Total >= 9 && cluster.Nodes.Ready == cluster.Nodes.Total && cluster.Pods.Total > 100 && cluster.Workloads > 30);
        var screen = Shell.Show("Get-HaCluster");
        Assert.All(screen.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.Contains(twin.Zone, screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-HaZone")]
    [InlineData("Get-HaNode")]
    [InlineData("Get-HaWorkload")]
    [InlineData("Get-HaQuota")]
    [InlineData("Get-HaNodePool")]
    [InlineData("Get-HaDatabase")]
    [InlineData("Get-HaConnection")]
    public void What_is_listed_fits_a_terminal(string command)
    {
        var listed = Shell.Run(command).Clean();
        Assert.NotEmpty(listed.Output);
        Assert.All(Shell.Show(command).Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public void The_live_cluster_is_proved()
    {
        var test = Shell.Run("Test-HaCluster").Clean().Single<ClusterTest>();
        Assert.NotNull(test.Proof);
        Assert.Contains(test.Proof!.Classes, part => part.Scenarios >= 3);
        Assert.Contains(test.Checks, check => check.Name == "certificates");
        Assert.IsType<bool>(Shell.Run("Test-HaCluster -Quiet").Clean().Output.Single().BaseObject);
    }

    [Fact]
    public void A_quota_is_changed_in_the_cluster_and_in_the_stack_file()
    {
        using var scratch = ProjectFolder.Of();
        const string Quota = "$quota = @{}; Get-HaQuota signing | Where-Object Name -eq quota | ForEach-Object { $quota[$_.Resource] = $_.Hard }";
        Shell.Run(Quota + "; $before = $quota").Clean();
        try
        {
            Shell.Run($"Push-Location '{scratch.Path}'; Set-HaQuota signing -Memory 5Gi -MemoryLimit 21Gi -Stack prod; Pop-Location").Clean();
            Assert.Equal("5Gi 21Gi True", Shell.Run(Quota + "; \"$($quota['requests.memory']) $($quota['limits.memory']) $($quota['limits.cpu'] -eq $before['limits.cpu'])\"").Clean().Text);
            var written = File.ReadAllLines(scratch.At("Pulumi.prod.yaml")).Except(File.ReadAllLines(Path.Combine(Checkout.Root, "Pulumi.prod.yaml"))).Select(line => line.Trim());
            Assert.Equal(["signing:", "memory: 5Gi", "memoryLimit: 21Gi"], written);
        }
        finally
        {
            Shell.Run("Set-HaQuota signing -Hard @{ 'requests.memory' = $before['requests.memory']; 'limits.memory' = $before['limits.memory'] } 3>$null").Clean();
        }
    }

    [Fact]
    public void WhatIf_shows_the_steps_and_changes_nothing()
    {
        // Not how many pods are ready: those that an earlier test moved may still start.
        const string Touched = "(Get-HaZone | Select-Object Name, CordonedNodes, Shift, Writers | ConvertTo-Json -Depth 4), (Get-HaOperation).Count";
        var before = Shell.Run(Touched).Clean().Text;
        var plan = Shell.Run($"Switch-HaZone {twin.Zone} -WhatIf -PassThru").Clean().Single<OperationPlan>();
        Assert.True(plan.Steps.Count > 3 && plan.Expected > TimeSpan.Zero);
        Assert.Equal(before, Shell.Run(Touched).Clean().Text);
    }

    [Fact]
    public void A_zone_is_evacuated_and_returned_to()
    {
        var result = Shell.Run($"Switch-HaZone {twin.Zone} -Confirm:$false -PassThru -Verbose").Clean();
        var switched = (OperationResult)result.Output.Single().BaseObject;
        Assert.Equal(OperationState.Succeeded, switched.State);
        Assert.Contains(result.Verbose, line => line.Contains("step 1 of", StringComparison.Ordinal));
        // PowerShell's one line of progress shows the status only: what a step waits for is in it, not the title alone.
        Assert.Contains(result.Progress, record => record.StatusDescription.StartsWith("step ", StringComparison.Ordinal)
            && record.CurrentOperation?.StartsWith("Evict ", StringComparison.Ordinal) == true && !record.StatusDescription.Contains("Evict ", StringComparison.Ordinal));
        var zone = Shell.Run($"Get-HaZone {twin.Zone}").Clean().Single<ZoneStatus>();
        Assert.True(zone.CordonedNodes == zone.Nodes && zone.Shift is { IsActive: true });
        Assert.Equal(switched.Id, Shell.Run("(Get-HaOperation)[0].Id").Clean().Text);
        Shell.Run($"Restore-HaZone {twin.Zone} -Confirm:$false").Clean();
        zone = Shell.Run($"Get-HaZone {twin.Zone}").Clean().Single<ZoneStatus>();
        Assert.True(zone is { CordonedNodes: 0, Shift: null });
    }

    [Fact]
    public void A_workload_is_scaled_and_the_operation_undone()
    {
        var workload = Shell.Run("Get-HaWorkload bitcoin-front -Namespace chains").Clean().Single<WorkloadStatus>();
        var result = Shell.Run($"Get-HaWorkload bitcoin-front | Set-HaWorkloadScale -Replicas {workload.Desired + 1} -PassThru").Clean().Single<OperationResult>();
        Assert.Contains(result.Changes, change => change.Property == "replicas" && change.After == $"{workload.Desired + 1}");
        Shell.Run($"Undo-HaOperation {result.Id}").Clean();
        Assert.Equal(workload.Desired, Shell.Run("Get-HaWorkload bitcoin-front").Clean().Single<WorkloadStatus>().Desired);
    }

    [Fact]
    public void Nodes_go_through_the_pipeline()
    {
        Shell.Run($"Get-HaNode -Zone {twin.Zone} | Select-Object -First 1 | Suspend-HaNode").Clean();
        var cordoned = Shell.Run("Get-HaNode | Where-Object IsCordoned").Clean();
        Assert.Single(cordoned.Output);
        Shell.Run("Get-HaNode | Where-Object IsCordoned | Resume-HaNode").Clean();
        Assert.Empty(Shell.Run("Get-HaNode | Where-Object IsCordoned").Clean().Output);
    }

    [Fact]
    public void Parallel_runspaces_share_the_connection()
    {
        var names = Shell.Run($"1..4 | ForEach-Object -Parallel {{ Import-Module '{Checkout.Manifest}'; (Get-HaZone)[0].Name }}").Clean();
        Assert.Equal(Enumerable.Repeat(twin.Zone, 4), names.Output.Select(name => name.ToString()));
    }

    [Fact]
    public void A_twin_is_found_after_the_computer_slept_or_its_clock_was_set()
    {
        // Then its process seems to have begun after what the process itself has written.
        var description = Path.Combine(Path.GetDirectoryName(twin.Status.Kubeconfig)!, "twin.json");
        var written = File.GetLastWriteTimeUtc(description);
        File.SetLastWriteTimeUtc(description, written.AddHours(-1));
        try
        {
            Shell.Run("[void] (Connect-HaCluster -Local); Get-HaZone").Clean();
        }
        finally
        {
            File.SetLastWriteTimeUtc(description, written);
        }
    }

    [SkippableFact]
    public void Jobs_in_threads_and_processes_use_the_cluster()
    {
        Pwsh.Require();
        var (exitCode, output) = Pwsh.Run($$"""
            $ErrorActionPreference = 'Stop'
            Import-Module '{{Checkout.Manifest}}'
            [void] (Connect-HaCluster -Local)
            'thread ' + (Start-ThreadJob { Import-Module '{{Checkout.Manifest}}'; (Get-HaZone)[0].Name } | Receive-Job -Wait -AutoRemoveJob)
            'process ' + (Start-Job { Import-Module '{{Checkout.Manifest}}'; [void] (Connect-HaCluster -Local); (Get-HaZone)[0].Name } | Receive-Job -Wait -AutoRemoveJob)
            """);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"thread {twin.Zone}", output, StringComparison.Ordinal);
        Assert.Contains($"process {twin.Zone}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Verbose_and_debug_output_show_each_call_and_no_secret()
    {
        var folder = Path.GetDirectoryName(twin.Status.Kubeconfig)!;
        var secrets = File.ReadLines(Path.Combine(folder, "environment")).Where(line => line.Contains("SECRET", StringComparison.Ordinal)).Select(line => line.Split('=', 2)[1].Trim('\''))
            .Append(File.ReadLines(twin.Status.Kubeconfig).First(line => line.Contains("token: ", StringComparison.Ordinal)).Split("token: ")[1]).ToList();
        Assert.True(secrets.Count == 2 && secrets.All(secret => secret.Length > 20));
        var text = Shell.Run("$DebugPreference = 'Continue'; Connect-HaCluster -Local -Verbose -Debug *>&1 | Out-String -Width 500; Get-HaCluster -Verbose -Debug *>&1 | Out-String -Width 500").Clean().Text;
        Assert.Contains("/api/v1/nodes", text, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Switch-HaZone -Zone ", "a")]
    [InlineData("Get-HaNode -Name ", "")]
    [InlineData("Restart-HaWorkload -Namespace kube-system -Name core", "coredns")]
    [InlineData("Get-HaWorkload -Namespace kube-s", "kube-system")]
    [InlineData("Get-HaZone -Connection ", "")]
    [InlineData("Connect-HaCluster -Local -Twin ", "tests")]
    public void Tab_completes_from_the_cluster(string line, string expected)
    {
        Assert.Contains(Shell.Complete(line), value => value.EndsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_zone_that_does_not_exist_names_those_that_do()
    {
        var result = Shell.Run("Switch-HaZone eu-central-1x -Confirm:$false");
        Assert.Contains(twin.Zone, result.Told, StringComparison.Ordinal);
        Assert.NotEqual("NotSpecified", result.Error.CategoryInfo.Category.ToString());
        var listed = Shell.Run("Get-HaZone eu-central-1x");
        Assert.Equal("NotFound", listed.ErrorId);
        Assert.Contains(twin.Zone, listed.Told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-HaWorkload -Namespace chain")]
    [InlineData("Get-HaQuota chain")]
    public void A_namespace_that_does_not_exist_names_those_that_do(string command)
    {
        var result = Shell.Run(command);
        Assert.Equal("NotFound", result.ErrorId);
        Assert.Contains("chains", result.Told, StringComparison.Ordinal);
        Assert.Empty(Shell.Run(command.Replace("chain", "chain?x*", StringComparison.Ordinal)).Clean().Output);
    }

    [Fact]
    public void A_cordoned_node_is_called_so_once()
    {
        Shell.Run($"Suspend-HaNode {twin.Node}").Clean();
        try
        {
            var row = Assert.Single(Shell.Show("Get-HaNode | Where-Object IsCordoned | Format-Table", 200).Split('\n'), line => line.Contains("cordoned", StringComparison.Ordinal));
            Assert.Equal(2, row.Split("cordoned").Length);
        }
        finally
        {
            Shell.Run("Get-HaNode | Where-Object IsCordoned | Resume-HaNode").Clean();
        }
    }

    [Fact]
    public void A_scale_beyond_what_fits_is_refused_before_anything_is_done()
    {
        var result = Shell.Run("Set-HaWorkloadScale bitcoin-front -Namespace chains -Replicas 5000 -PassThru");
        Assert.Empty(result.Output);
        Assert.Equal(ErrorCategory.InvalidOperation, result.Error.CategoryInfo.Category);
        Assert.IsType<OperationPlan>(result.Error.TargetObject);
    }

    [Fact]
    public async Task Ctrl_C_leaves_an_operation_that_is_resumed()
    {
        using var pipeline = Shell.Create($"Switch-HaZone {twin.Zone} -Confirm:$false");
        var running = pipeline.BeginInvoke();
        while (!pipeline.Streams.Progress.Any(record => record.StatusDescription.StartsWith("step ", StringComparison.Ordinal)) && !running.IsCompleted)
            await Task.Delay(5);
        await pipeline.StopAsync(null, null);
        var stopped = Shell.Run("Get-HaOperation | Where-Object Command -eq Switch-HaZone | Select-Object -First 1").Clean().Single<OperationRecord>();
        if (stopped.State is not OperationState.Succeeded)
        {
            Assert.Contains(stopped.State, new[] { OperationState.Stopped, OperationState.Interrupted, OperationState.Running });
            Shell.Run($"Resume-HaOperation {stopped.Id} -Confirm:$false").Clean();
        }

        Assert.Equal("Succeeded", Shell.Run($"(Get-HaOperation {stopped.Id}).State").Clean().Text);
        Shell.Run($"Restore-HaZone {twin.Zone} -Confirm:$false").Clean();
    }

    [Fact]
    public void Every_example_that_needs_a_cluster_runs()
    {
        // A watch does not end, and a question gets no answer here; what asks Pulumi, the files of a stack or a service with its token is run by the tests of these.
        string[] others = ["-Watch", "Read-Host", "HaStack", "HaSite", "HaPlan", "HaProof", "HaCost", "HaServiceQuota", "Find-HaLedgerRecord", "-Stack prod", "-Kubeconfig"];
        var examples = Shell.Run("Get-Command -Module HaCluster | ForEach-Object { (Get-Help $_.Name -Full).Examples.Example.Code }").Clean().Output.Select(code => code.ToString()!)
            .Where(code => !others.Any(other => code.Contains(other, StringComparison.Ordinal))).ToList();
        Assert.True(examples.Count > 50, $"{examples.Count}");
        var mistakes = new List<string>();
        foreach (var code in examples)
        {
            var run = Shell.Run($"[void] (Connect-HaCluster -Local); $WhatIfPreference = $true; try {{ {code} }} finally {{ $WhatIfPreference = $false }}");
            // Names in examples are those of a real cluster: that they do not exist here is no mistake of the example.
            mistakes.AddRange(run.Errors.Where(error => error.CategoryInfo.Category != ErrorCategory.ObjectNotFound).Select(error => $"{code}: {error.FullyQualifiedErrorId}: {error}"));
        }

        Shell.Run("[void] (Connect-HaCluster -Local)").Clean();
        Assert.True(mistakes.Count == 0, string.Join('\n', mistakes));
    }
}
