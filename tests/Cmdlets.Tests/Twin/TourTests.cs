using System.Management.Automation;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>The tour of the page, and what a person does on call, on a twin of the stack prod.</summary>
public sealed class TourTests(TwinFixture twin) : IClassFixture<TwinFixture>
{
    private Shell Shell => twin.Shell;

    [Fact]
    public void The_cluster_is_one_screen()
    {
        var cluster = Shell.Run("Get-HaCluster").Clean().Single<ClusterStatus>();
        Assert.Equal(3, cluster.Zones.Count);
        Assert.True(cluster.Nodes is { Total: 9, Ready: 9 } && cluster.Pods.Total > 100 && cluster.Workloads > 30);
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
    public void WhatIf_shows_the_steps_and_changes_nothing()
    {
        var before = Shell.Run("Get-HaZone | ConvertTo-Json -Depth 4").Clean().Text;
        var plan = Shell.Run($"Switch-HaZone {twin.Zone} -WhatIf -PassThru").Clean().Single<OperationPlan>();
        Assert.True(plan.Steps.Count > 3 && plan.Expected > TimeSpan.Zero);
        Assert.Equal(before, Shell.Run("Get-HaZone | ConvertTo-Json -Depth 4").Clean().Text);
    }

    [Fact]
    public void A_zone_is_evacuated_and_returned_to()
    {
        var result = Shell.Run($"Switch-HaZone {twin.Zone} -Confirm:$false -PassThru -Verbose").Clean();
        var switched = (OperationResult)result.Output.Single().BaseObject;
        Assert.Equal(OperationState.Succeeded, switched.State);
        Assert.Contains(result.Verbose, line => line.Contains("step 1 of", StringComparison.Ordinal));
        Assert.NotEmpty(result.Progress);
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

    [Theory]
    [InlineData("Switch-HaZone -Zone ", "a")]
    [InlineData("Get-HaNode -Name ", "")]
    [InlineData("Restart-HaWorkload -Namespace kube-system -Name core", "coredns")]
    [InlineData("Get-HaWorkload -Namespace kube-s", "kube-system")]
    [InlineData("Get-HaZone -Connection ", "")]
    [InlineData("Connect-HaCluster -Local -Twin ", "tests")]
    public void Tab_completes_from_the_cluster(string line, string expected)
    {
        var matches = Shell.Run($"(TabExpansion2 '{line}' {line.Length}).CompletionMatches.CompletionText").Clean();
        Assert.NotEmpty(matches.Output);
        Assert.Contains(matches.Output, match => match.ToString()!.EndsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_zone_that_does_not_exist_names_those_that_do()
    {
        var result = Shell.Run("Switch-HaZone eu-central-1x -Confirm:$false");
        Assert.Contains(twin.Zone, result.Error.ToString() + result.Error.ErrorDetails?.RecommendedAction, StringComparison.Ordinal);
        Assert.NotEqual("NotSpecified", result.Error.CategoryInfo.Category.ToString());
        var listed = Shell.Run("Get-HaZone eu-central-1x");
        Assert.Equal("NotFound", listed.ErrorId);
        Assert.Contains(twin.Zone, listed.Error.ToString(), StringComparison.Ordinal);
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
    public void Examples_that_only_look_run()
    {
        var examples = Shell.Run("Get-Command -Module HaCluster -Verb Get | ForEach-Object { (Get-Help $_.Name -Full).Examples.Example.Code }").Clean().Output.Select(code => code.ToString()!)
            .Where(code => !code.Contains("-Watch", StringComparison.Ordinal) && !code.Contains("Stack", StringComparison.Ordinal) && !code.Contains("ServiceQuota", StringComparison.Ordinal)
                && !code.Contains("HaProof", StringComparison.Ordinal) && !code.Contains("HaPlan", StringComparison.Ordinal) && !code.Contains("HaCost", StringComparison.Ordinal)
                && !code.Contains("HaSite", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(examples);
        // Names in examples are those of a real cluster: what does not exist here is said, and is no mistake of the example.
        Assert.All(examples, code => Assert.All(Shell.Run(code).Errors, error => Assert.StartsWith("NotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal)));
    }
}
