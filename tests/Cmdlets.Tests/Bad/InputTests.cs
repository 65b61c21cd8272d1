using System.Management.Automation;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Bad;

/// <summary>Whatever a person gets wrong is one error record, which says what to do.</summary>
public sealed class InputTests
{
    private const string Kubeconfig = """
        apiVersion: v1
        kind: Config
        current-context: here
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: u, user: {token: very-secret-token}}]
        contexts: [{name: here, context: {cluster: c, user: u}}, {name: there, context: {cluster: c, user: u}}]
        """;

    [Theory]
    [InlineData("Get-HaCluster")]
    [InlineData("Get-HaZone")]
    [InlineData("Switch-HaZone eu-central-1a -Confirm:$false")]
    [InlineData("Set-HaWorkloadScale -Namespace a -Name b -Replicas 1")]
    [InlineData("Get-HaOperation")]
    [InlineData("Disconnect-HaCluster")]
    public void Nothing_is_connected(string command)
    {
        using var shell = new Shell();
        var result = shell.Run(command);
        Assert.Equal("NotConnected", result.ErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, result.Error.CategoryInfo.Category);
        Assert.Contains("Connect-HaCluster", result.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_does_not_exist_is_named()
    {
        using var shell = new Shell();
        var result = shell.Run("Get-HaNode -Connection nowhere");
        Assert.Equal("NotConnected", result.ErrorId);
        Assert.Contains("nowhere", result.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_context_names_those_there_are()
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch.At("kubeconfig"), Kubeconfig);
        using var shell = new Shell();
        var result = shell.Run($"Connect-HaCluster -Kubeconfig '{scratch.At("kubeconfig")}' -Context nowhere");
        Assert.Equal("ContextNotFound", result.ErrorId);
        Assert.Contains("here, there", result.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_that_cannot_be_reached_is_one_error_without_the_token()
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch.At("kubeconfig"), Kubeconfig);
        using var shell = new Shell();
        var result = shell.Run($"$DebugPreference = 'Continue'; Connect-HaCluster -Kubeconfig '{scratch.At("kubeconfig")}' -Verbose -Debug");
        Assert.Equal("Unreachable", result.ErrorId);
        Assert.Contains("127.0.0.1:1", result.Told, StringComparison.Ordinal);
        var everything = string.Join('\n', [result.Told, result.Error.Exception.ToString(), .. result.Verbose, .. result.Information, .. result.Warnings]);
        Assert.DoesNotContain("very-secret-token", everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no such file", null)]
    [InlineData("not a valid kubeconfig", "contexts: [")]
    public void A_kubeconfig_that_is_missing_or_malformed_is_named(string what, string? text)
    {
        using var scratch = new Scratch();
        if (text is not null)
            File.WriteAllText(scratch.At("kubeconfig"), text);
        using var shell = new Shell();
        var result = shell.Run($"Connect-HaCluster -Kubeconfig '{scratch.At("kubeconfig")}'");
        Assert.Equal("KubeconfigNotUsable", result.ErrorId);
        Assert.Contains(what, result.Told, StringComparison.Ordinal);
        Assert.Contains(scratch.At("kubeconfig"), result.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_project_is_named()
    {
        using var scratch = new Scratch();
        using var shell = new Shell();
        var result = shell.Run($"Get-HaStack -ProjectDirectory '{scratch.Path}'");
        Assert.Equal("InvalidInput", result.ErrorId);
        Assert.Contains("no Pulumi.yaml", result.Told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_that_does_not_exist_names_those_that_do()
    {
        using var shell = new Shell();
        foreach (var command in new[] { "Get-HaStack nowhere", "Get-HaPlan nowhere", "Get-HaSite -Stack nowhere" })
        {
            var result = shell.Run($"{command} -ProjectDirectory '{Checkout.Root}'");
            Assert.Equal("InvalidInput", result.ErrorId);
            Assert.Contains("dev, prod", result.Told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_malformed_stack_file_is_named_with_its_line()
    {
        using var scratch = ProjectFolder.Of();
        File.WriteAllText(scratch.At("Pulumi.broken.yaml"), "config:\n  aws:region: eu-central-1\n  ha-cluster:zones: [\n");
        using var shell = new Shell();
        foreach (var command in new[] { "Get-HaProof broken", "Get-HaSite -Stack broken", "Deploy-HaStack broken -WhatIf" })
        {
            var result = shell.Run($"{command} -ProjectDirectory '{scratch.Path}'");
            Assert.Equal("InvalidInput", result.ErrorId);
            Assert.Contains("Pulumi.broken.yaml", result.Told, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Set-HaWorkloadScale -Name a -Replicas -1")]
    [InlineData("Start-HaZoneShift eu-central-1a -Hours 100")]
    [InlineData("Set-HaAlertSilence A -Hours 0")]
    [InlineData("Resize-HaVolume -Namespace a -Claim b -Size large")]
    [InlineData("New-HaStack 'a/b' -Region eu-west-1")]
    [InlineData("New-HaStack \"a`n\" -Region eu-west-1")]
    [InlineData("New-HaStack a -Region \"eu-west-1`n\"")]
    [InlineData("Resize-HaVolume -Namespace a -Claim b -Size \"1Gi`n\"")]
    [InlineData("Start-HaTwin -TwinName \"a`n\"")]
    [InlineData("New-HaSite Shop -Image a:1 -Domain shop.example.org")]
    [InlineData("Start-HaBackup -Scope everything")]
    public void A_value_out_of_its_range_is_refused_before_anything_is_asked(string command)
    {
        using var shell = new Shell();
        Assert.Equal("ParameterArgumentValidationError", shell.Run(command).ErrorId);
    }

    [Fact]
    public void One_bad_object_does_not_stop_the_pipeline()
    {
        using var shell = new Shell();
        var result = shell.Run($"'nowhere', 'prod' | ForEach-Object {{ [pscustomobject]@{{ Stack = $_ }} }} | Get-HaSite -ProjectDirectory '{Checkout.Root}'");
        Assert.Equal("InvalidInput", result.ErrorId);
        Assert.Single(result.Output);
    }

    [SkippableFact]
    public void A_script_ends_with_an_exit_code()
    {
        Pwsh.Require();
        using var scratch = new Scratch();
        File.WriteAllText(scratch.At("job.ps1"), $"param($Context)\n$ErrorActionPreference = 'Stop'\nImport-Module '{Checkout.Manifest}'\nConnect-HaCluster -Kubeconfig '{scratch.At("kubeconfig")}' -Context $Context\n'not reached'\n");
        File.WriteAllText(scratch.At("kubeconfig"), Kubeconfig);
        var (exitCode, output) = Pwsh.RunFile(scratch.At("job.ps1"), "nowhere");
        Assert.Equal(1, exitCode);
        Assert.Contains("nowhere", output, StringComparison.Ordinal);
        Assert.Contains("Recommendation: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("not reached", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Pulumi_that_is_missing_is_said_with_the_place_to_get_it()
    {
        using var scratch = ProjectFolder.Of();
        using var shell = new Shell();
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", scratch.Path);
            var result = shell.Run($"Get-HaStackOutput prod -ProjectDirectory '{scratch.Path}'");
            Assert.Equal("PulumiMissing", result.ErrorId);
            Assert.Equal(ErrorCategory.NotInstalled, result.Error.CategoryInfo.Category);
            Assert.Contains("https://www.pulumi.com/docs/install/", result.Told, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }
}
