using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Stacks;

/// <summary>A site is a name, an image and a domain; the file around it stays as it was.</summary>
public sealed class SiteTests
{
    private const string Shop = "New-HaSite shop -Image docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine -Domain shop.example.org";

    [Fact]
    public void A_site_is_written_and_proved_and_removed_again()
    {
        using var scratch = ProjectFolder.Of();
        using var shell = new Shell();
        var before = File.ReadAllText(scratch.At("Pulumi.prod.yaml"));
        Assert.Empty(shell.Run($"{Shop} -ProjectDirectory '{scratch.Path}' -WhatIf").Clean().Output);
        Assert.Equal(before, File.ReadAllText(scratch.At("Pulumi.prod.yaml")));
        var site = shell.Run($"{Shop} -ProjectDirectory '{scratch.Path}'").Clean().Single<StackSite>();
        Assert.True(site is { Name: "shop", Address: "https://shop.example.org/", State: "Declared" });
        var written = File.ReadAllText(scratch.At("Pulumi.prod.yaml"));
        Assert.Empty(before.Split('\n').Except(written.Split('\n')));
        Assert.Equal(["hello", "shop"], shell.Run($"(Get-HaSite -ProjectDirectory '{scratch.Path}').Name").Clean().Text.Split('\n'));
        Assert.Equal("AlreadyExists", shell.Run($"{Shop} -ProjectDirectory '{scratch.Path}'").ErrorId);
        shell.Run($"Remove-HaSite shop -ProjectDirectory '{scratch.Path}' -Confirm:$false").Clean();
        Assert.Equal(before, File.ReadAllText(scratch.At("Pulumi.prod.yaml")));
    }

    [Fact]
    public void A_site_that_is_refused_leaves_the_file_as_it_was()
    {
        using var scratch = ProjectFolder.Of();
        using var shell = new Shell();
        var before = File.ReadAllText(scratch.At("Pulumi.prod.yaml"));
        var refused = shell.Run($"New-HaSite shop -Image nginx -Domain shop.example.org -MinReplicas 50 -MaxReplicas 2 -ProjectDirectory '{scratch.Path}'");
        Assert.Equal("Rejected", refused.ErrorId);
        Assert.Contains("ha-cluster:sites.shop", refused.Told, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(scratch.At("Pulumi.prod.yaml")));
    }

    [Fact]
    public void A_site_that_does_not_exist_names_those_that_do()
    {
        using var scratch = ProjectFolder.Of();
        using var shell = new Shell();
        var missing = shell.Run($"Remove-HaSite shop -ProjectDirectory '{scratch.Path}' -Confirm:$false");
        Assert.Equal("NotFound", missing.ErrorId);
        Assert.Contains("hello", missing.Told, StringComparison.Ordinal);
    }
}
