using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Stacks;

/// <summary>Cmdlets that run Pulumi, with a stand-in for it: what they run, and what they show of it.</summary>
public sealed class PulumiTests
{
    [SkippableFact]
    public void A_stack_is_deployed_after_plan_proof_and_preview()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        using var scratch = ProjectFolder.Of();
        using var pulumi = new PulumiStandIn(scratch);
        using var shell = new Shell();
        var deployed = shell.Run($"Deploy-HaStack prod -PassThru -Confirm:$false -Verbose -ProjectDirectory '{scratch.Path}'").Clean();
        Assert.Equal(("up", 1), (deployed.Single<StackDeployment>().Command, deployed.Single<StackDeployment>().Changes["create"]));
        Assert.Equal(["preview", "up"], pulumi.Commands);
        Assert.Contains(deployed.Verbose, line => line.Contains("create aws:ec2/vpc:Vpc network", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_stack_whose_proof_does_not_hold_is_not_deployed()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        using var scratch = ProjectFolder.Of("dev");
        using var pulumi = new PulumiStandIn(scratch);
        using var shell = new Shell();
        var refused = shell.Run($"Deploy-HaStack dev -Confirm:$false -ProjectDirectory '{scratch.Path}'");
        Assert.Equal("NotSafe", refused.ErrorId);
        Assert.Contains("Get-HaProof dev", refused.Told, StringComparison.Ordinal);
        Assert.Empty(pulumi.Commands);
    }

    [SkippableTheory]
    [InlineData("Sync-HaStack prod", "refresh")]
    [InlineData("Remove-HaStack prod -SkipDrain", "destroy")]
    public void WhatIf_only_previews(string command, string name)
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        using var scratch = ProjectFolder.Of();
        using var pulumi = new PulumiStandIn(scratch);
        using var shell = new Shell();
        Assert.Empty(shell.Run($"{command} -WhatIf -WarningAction Ignore -ProjectDirectory '{scratch.Path}'").Clean().Output);
        Assert.Equal([$"{name} preview"], pulumi.Commands);
        Assert.Equal(name, shell.Run($"{command} -PassThru -Confirm:$false -WarningAction Ignore -ProjectDirectory '{scratch.Path}'").Clean().Single<StackDeployment>().Command);
        Assert.Equal([$"{name} preview", $"{name} preview", name], pulumi.Commands);
    }

    [SkippableFact]
    public void Outputs_of_a_stack_are_read_by_name()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        using var scratch = ProjectFolder.Of();
        using var pulumi = new PulumiStandIn(scratch, """{"clusterName":"ha-cluster-prod","region":"eu-central-1"}""");
        using var shell = new Shell();
        Assert.Equal("eu-central-1", shell.Run($"Get-HaStackOutput prod -Output region -ProjectDirectory '{scratch.Path}'").Clean().Text);
        Assert.Equal("ha-cluster-prod", shell.Run($"(Get-HaStackOutput prod -ProjectDirectory '{scratch.Path}').clusterName").Clean().Text);
    }
}
