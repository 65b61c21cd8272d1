using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>Cmdlets that ask an AWS account: that of the twin. Account.Tests asks another, of moto.</summary>
[Collection(TwinCollection.Name)]
public sealed class AccountTests(TwinFixture twin)
{
    private const string Code = "L-1216C47A";

    [Fact]
    public void The_account_of_the_twin_has_room_for_its_stack()
    {
        using var account = new TwinEnvironment(twin.Status);
        var quotas = twin.Shell.Run($"Get-HaServiceQuota prod -Account -ProjectDirectory '{Checkout.Root}'").Clean().Output.Select(one => (ServiceQuota)one.BaseObject).ToList();
        Assert.True(quotas.Count > 20, $"{quotas.Count}");
        Assert.All(quotas, quota => Assert.True(quota.Verdict is not ("short" or "unknown"), $"{quota.Name}: {quota.Verdict}"));
    }

    [Fact]
    public void What_is_too_small_is_requested_once_and_fits_when_it_was_granted()
    {
        using var account = new TwinEnvironment(twin.Status);
        using var scratch = ProjectFolder.Of();
        var file = scratch.At("Pulumi.prod.yaml");
        // More than the twice of what the twin's own stack needs.
        File.WriteAllText(file, File.ReadAllText(file).Replace("max: 12\n      instanceTypes", "max: 150\n      instanceTypes", StringComparison.Ordinal));
        var (shell, where) = (twin.Shell, $"-ProjectDirectory '{scratch.Path}'");
        Assert.Empty(shell.Run($"Request-HaServiceQuota prod -WhatIf {where}").Clean().Output);
        Assert.Equal("short", shell.Run($"(Get-HaServiceQuota prod -Account {where} | Where-Object Code -eq {Code}).Verdict").Clean().Text);

        var requested = shell.Run($"Request-HaServiceQuota prod -Confirm:$false -PassThru {where}").Clean();
        Assert.Contains(requested.Output, one => ((ServiceQuota)one.BaseObject).Code == Code);
        // It grants after ten minutes of its time.
        shell.Run($"$where = @{{ ProjectDirectory = '{scratch.Path}' }}; {Shell.Until($"($quota = Get-HaServiceQuota prod -Account @where | Where-Object Code -eq {Code}).Verdict -ne \"short\"")}").Clean();
        Assert.Matches(@"^(fits|tight)\z", shell.Run("$quota.Verdict").Clean().Text);
        var again = shell.Run($"Request-HaServiceQuota prod -Confirm:$false -PassThru {where}").Clean();
        Assert.Empty(again.Output);
    }

    [Fact]
    public void An_account_that_cannot_be_read_is_one_error_and_nothing_is_requested()
    {
        using var account = new TwinEnvironment(twin.Status, ("AWS_SECRET_ACCESS_KEY", "of-another-account"));
        var result = twin.Shell.Run($"Request-HaServiceQuota prod -Confirm:$false -PassThru -ProjectDirectory '{Checkout.Root}'");
        Assert.Contains("the account cannot be read", result.Told, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
