using System.Management.Automation;
using HaCluster.Cmdlets.Tests.Hosting;
using HaCluster.Cmdlets.Tests.Payments;
using HaCluster.Cmdlets.Tests.Stacks;

namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>Every cmdlet is run for real, and with -WhatIf first where it changes something.</summary>
[Collection(TwinCollection.Name)]
public sealed class EveryCmdletTests(TwinFixture twin)
{
    /// <summary>Cmdlets that ask or change no cluster, and the tests that run them.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["Get-HaPlan"] = nameof(StackTests),
        ["Get-HaProof"] = nameof(StackTests),
        ["Get-HaCost"] = nameof(StackTests),
        ["Get-HaServiceQuota"] = nameof(StackTests),
        ["Get-HaStack"] = nameof(StackTests),
        ["New-HaStack"] = nameof(StackTests),
        ["Test-HaStack"] = nameof(StackTests),
        ["New-HaSite"] = nameof(SiteTests),
        ["Get-HaSite"] = nameof(SiteTests),
        ["Remove-HaSite"] = nameof(SiteTests),
        ["Get-HaStackOutput"] = nameof(PulumiTests),
        ["Deploy-HaStack"] = nameof(PulumiTests),
        ["Sync-HaStack"] = nameof(PulumiTests),
        ["Remove-HaStack"] = nameof(PulumiTests),
        ["Find-HaLedgerRecord"] = nameof(LedgerRecordTests),
        ["Request-HaServiceQuota"] = nameof(AccountTests),
        ["Start-HaBackup"] = nameof(BackupTests),
        ["Restore-HaBackup"] = nameof(BackupTests),
        ["Restore-HaChainReplica"] = nameof(BackupTests),
        ["Get-HaWallet"] = nameof(PaymentsTests),
        ["Get-HaTransfer"] = nameof(PaymentsTests),
        ["Approve-HaTransfer"] = nameof(PaymentsTests),
        ["Suspend-HaForwarding"] = nameof(PaymentsTests),
        ["Resume-HaForwarding"] = nameof(PaymentsTests),
    };

    public static TheoryData<string> Cmdlets => [.. CmdletRun.All.Select(run => run.Cmdlet)];

    [Fact]
    public void Every_cmdlet_has_a_run()
    {
        var exported = twin.Shell.Run("(Get-Command -Module HaCluster).Name").Clean().Text.Split('\n');
        Assert.Equal(exported.Order(StringComparer.Ordinal), CmdletRun.All.Select(run => run.Cmdlet).Concat(Elsewhere.Keys).Order(StringComparer.Ordinal));
        var sources = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "tests", "Cmdlets.Tests"), "*Tests.cs", SearchOption.AllDirectories).ToDictionary(file => Path.GetFileNameWithoutExtension(file));
        Assert.All(Elsewhere, one => Assert.Contains(one.Key, File.ReadAllText(sources[one.Value]), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void It_runs_on_the_twin(string cmdlet)
    {
        var run = CmdletRun.All.Single(one => one.Cmdlet == cmdlet);
        var shell = twin.Shell;
        shell.Run($"""
            $zone = '{twin.Zone}'; $manifest = '{Checkout.Manifest}'; $root = '{Checkout.Root}'
            $node = (Get-HaNode -Zone $zone -Pool 'general-*')[0].Name
            $group = (Get-HaNodePool 'general-*' | Where-Object CapacityType -eq ON_DEMAND).Name
            $result = $null
            {run.Setup}
            """).Clean();
        try
        {
            var parameters = ((CmdletInfo)shell.Run($"Get-Command {cmdlet}").Clean().Output.Single().BaseObject).Parameters;
            if (parameters.ContainsKey("WhatIf"))
            {
                Assert.False(IsTrue(run.Check), "it is so already");
                shell.Run($"$before = @(Get-HaOperation).Count; {run.Command} -WhatIf").Clean();
                Assert.False(IsTrue(run.Check), "-WhatIf did it");
                Assert.True(IsTrue("@(Get-HaOperation).Count -eq $before"), "-WhatIf left an operation");
            }

            var passThru = parameters.ContainsKey("PassThru") ? " -PassThru" : "";
            var confirm = parameters.ContainsKey("Confirm") ? " -Confirm:$false" : "";
            shell.Run($"$result = @({run.Command}{passThru}{confirm})").Clean();
            Assert.True(IsTrue(run.Check), $"not: {run.Check}");
        }
        finally
        {
            shell.Run(run.Cleanup).Clean();
        }
    }

    private bool IsTrue(string condition) => LanguagePrimitives.IsTrue(twin.Shell.Run($"[bool] ({condition})").Clean().Output.Single());
}
