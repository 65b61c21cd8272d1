using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Stacks;

/// <summary>Before anything exists: files, plan, proof, cost, quotas.</summary>
public sealed class StackTests
{
    [Fact]
    public void Plan_proof_cost_and_quotas_of_a_stack_are_objects()
    {
        using var shell = new Shell();
        var plan = shell.Run($"Get-HaPlan prod -ProjectDirectory '{Checkout.Root}'").Clean().Single<StackPlan>();
        Assert.True(plan is { Refused: false, AwsResources: > 100, KubernetesResources: > 100 });
        Assert.Contains(plan.Resources, resource => resource is { Type: "aws:ec2/vpc:Vpc", Component: "network" });
        Assert.NotNull(plan.FirstUp);
        var proof = shell.Run($"Get-HaProof prod -FixSeconds 0 -ProjectDirectory '{Checkout.Root}'").Clean().Single<StackProof>();
        Assert.True(proof is { Holds: true, ScenariosFailed: 0 });
        Assert.Contains(proof.Classes, one => one is { Class: "zone-lost", Tried: 3, Recovery.TotalSeconds: > 0 });
        var cost = shell.Run($"Get-HaCost prod -Against dev -ProjectDirectory '{Checkout.Root}'").Clean().Single<StackCost>();
        Assert.True(cost.Monthly > 0 && cost.MonthlyAtMost > cost.Monthly && cost.Difference is { Against: "dev", Monthly: > 0 });
        var quotas = shell.Run($"Get-HaServiceQuota prod -ProjectDirectory '{Checkout.Root}' | Where-Object Verdict -eq short").Clean();
        Assert.Contains(quotas.Output, quota => quota.BaseObject is ServiceQuota { Code: "L-1216C47A", Need: > 5, Limit: 5 });
    }

    [Fact]
    public void A_stack_that_breaks_says_what_and_how_to_fix_it()
    {
        using var shell = new Shell();
        var proof = shell.Run($"Get-HaStack dev -ProjectDirectory '{Checkout.Root}' | Get-HaProof -FixSeconds 600 -ProjectDirectory '{Checkout.Root}'").Clean().Single<StackProof>();
        Assert.Equal("violated", proof.Verdict);
        Assert.Contains(proof.Violations, violation => violation.Scenarios.Count > 0 && violation.Problem.Length > 0);
        Assert.Contains(proof.Fixes, fix => fix.Kind == "setting" && fix.Change.StartsWith("ha-cluster:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_stack_is_a_copy_with_its_comments_and_another_region()
    {
        using var scratch = ProjectFolder.Of();
        using var shell = new Shell();
        Assert.Empty(shell.Run($"New-HaStack trial -Region eu-west-1 -From prod -ClusterName trial -ProjectDirectory '{scratch.Path}' -WhatIf").Clean().Output);
        Assert.False(File.Exists(scratch.At("Pulumi.trial.yaml")));
        var stack = shell.Run($"New-HaStack trial -Region eu-west-1 -From prod -ClusterName trial -ProjectDirectory '{scratch.Path}'").Clean().Single<StackInfo>();
        Assert.Equal(("trial", "eu-west-1"), (stack.Cluster, stack.Region));
        var (before, after) = (File.ReadAllLines(scratch.At("Pulumi.prod.yaml")), File.ReadAllLines(scratch.At("Pulumi.trial.yaml")));
        Assert.Equal(before.Count(line => line.Contains('#', StringComparison.Ordinal)), after.Count(line => line.Contains('#', StringComparison.Ordinal)));
        var again = shell.Run($"New-HaStack trial -Region eu-west-1 -ProjectDirectory '{scratch.Path}'");
        Assert.Equal("AlreadyExists", again.ErrorId);
    }

    [Fact]
    public void A_minimal_stack_has_the_defaults()
    {
        using var scratch = ProjectFolder.Of();
        using var shell = new Shell();
        shell.Run($"New-HaStack small -Region eu-west-1 -ProjectDirectory '{scratch.Path}'").Clean();
        var checks = shell.Run($"Test-HaStack small -ProjectDirectory '{scratch.Path}'").Clean().Output.Select(item => (StackCheck)item.BaseObject).ToList();
        Assert.Equal(["settings", "policies", "proof", "quotas"], checks.Select(check => check.Check));
        Assert.Equal(["Passed", "Passed", "Passed", "Failed"], checks.Select(check => check.Status));
    }

    [Fact]
    public void Stacks_are_listed_also_when_a_file_is_malformed()
    {
        using var scratch = ProjectFolder.Of();
        File.WriteAllText(scratch.At("Pulumi.broken.yaml"), "config: [\n");
        using var shell = new Shell();
        var stacks = shell.Run($"Get-HaStack -ProjectDirectory '{scratch.Path}'").Clean().Output.Select(item => (StackInfo)item.BaseObject).ToList();
        Assert.Equal(["broken", "prod"], stacks.Select(stack => stack.Name));
        Assert.Contains("Pulumi.broken.yaml", stacks[0].Problem, StringComparison.Ordinal);
        Assert.Equal(["hello"], stacks[1].Sites);
    }

    [Fact]
    public void Refused_settings_skip_the_rest_and_name_each_mistake()
    {
        using var scratch = ProjectFolder.Of();
        File.WriteAllText(scratch.At("Pulumi.bad.yaml"), "config:\n  aws:region: eu-west-1\n  ha-cluster:zones: 1\n  ha-cluster:nat: perzone\n");
        using var shell = new Shell();
        var checks = shell.Run($"Test-HaStack bad -ProjectDirectory '{scratch.Path}'").Clean().Output.Select(item => (StackCheck)item.BaseObject).ToList();
        Assert.Equal(["Failed", "Skipped", "Skipped", "Skipped"], checks.Select(check => check.Status));
        Assert.Contains(checks[0].Findings, finding => finding.Contains("ha-cluster:zones is 1", StringComparison.Ordinal));
        Assert.Contains(checks[0].Findings, finding => finding.Contains("ha-cluster:nat is \"perzone\"", StringComparison.Ordinal));
        Assert.False((bool)shell.Run($"Test-HaStack bad -Quiet -ProjectDirectory '{scratch.Path}'").Clean().Output.Single().BaseObject);
    }
}
