using System.Management.Automation;
using System.Text.RegularExpressions;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Module;

/// <summary>What the module offers is what its page says, in PowerShell's manners.</summary>
public sealed partial class ExportTests
{
    private static readonly string[] High =
        ["Switch-HaZone", "Restore-HaZone", "Invoke-HaDatabaseFailover", "Restore-HaChainReplica", "Restore-HaBackup", "Remove-HaStack", "Remove-HaSite", "Approve-HaTransfer"];

    /// <summary>Verbs of cmdlets that change nothing, or only what this process or this computer holds.</summary>
    private static readonly string[] Harmless = ["Get", "Find", "Connect", "Disconnect"];

    private static readonly string[] Checks = ["Test-HaCluster", "Test-HaLedger", "Test-HaStack"];

    [Fact]
    public void Exports_are_the_table_of_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Checkout.Root, "module", "README.md"));
        var table = page.Split("<!-- cmdlets -->")[1];
        var named = CmdletName().Matches(table).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(named, Commands().Select(command => command.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_manifest_names_every_cmdlet_of_the_assembly()
    {
        using var shell = new Shell(isImported: false);
        var inAssembly = shell.Run($"(Import-Module '{Path.Combine(Checkout.Module, "HaCluster.Cmdlets.dll")}' -PassThru).ExportedCmdlets.Keys").Clean().Text.Split('\n');
        Assert.Equal(Commands().Select(command => command.Name).Order(StringComparer.Ordinal), inAssembly.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Verbs_are_approved_and_the_manifest_is_valid()
    {
        using var shell = new Shell(isImported: false);
        var imported = shell.Run($"Test-ModuleManifest '{Checkout.Manifest}' | Out-Null; Import-Module '{Checkout.Manifest}'; Get-Command -Module HaCluster | Where-Object Verb -notin (Get-Verb).Verb").Clean();
        Assert.Empty(imported.Warnings);
        Assert.Empty(imported.Output);
    }

    [Fact]
    public void Every_change_can_be_tried_with_WhatIf()
    {
        var silent = Commands()
            .Where(command => !Harmless.Contains(command.Verb) && !Checks.Contains(command.Name) && !command.Parameters.ContainsKey("WhatIf"))
            .Select(command => command.Name);
        Assert.Empty(silent);
    }

    [Fact]
    public void Only_failover_restore_destroy_and_approvals_ask_by_default()
    {
        var asking = Commands().Where(command => Attribute(command).ConfirmImpact == ConfirmImpact.High).Select(command => command.Name);
        Assert.Equal(High.Order(StringComparer.Ordinal), asking.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Cmdlets_are_sealed_and_say_what_they_write()
    {
        Assert.All(Commands(), command => Assert.True(command.ImplementingType.IsSealed, command.Name));
        string[] quiet = ["Disconnect-HaCluster", "Remove-HaSite"];
        Assert.All(Commands().Where(command => !quiet.Contains(command.Name)), command => Assert.True(command.OutputType.Count > 0, command.Name));
    }

    [Fact]
    public void Nothing_that_PowerShell_sees_of_a_cmdlet_has_a_type_of_its_dependencies()
    {
        string[] visible = ["HaCluster.Cmdlets", "HaCluster.Results", "System.Management.Automation", "System.Private.CoreLib", "System.Runtime"];
        Assert.All(Commands().SelectMany(command => command.ImplementingType.GetProperties()), property =>
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType.GetElementType() ?? property.PropertyType;
            Assert.Contains(type.Assembly.GetName().Name, visible);
        });
    }

    [Fact]
    public void Parameters_have_the_names_that_PowerShell_uses()
    {
        Assert.All(Commands().Where(command => command.Parameters.ContainsKey("Force")), command => Assert.Equal(typeof(SwitchParameter), command.Parameters["Force"].ParameterType));
        Assert.All(Commands().Where(command => command.ImplementingType.Name.EndsWith("Command", StringComparison.Ordinal)), command => Assert.Equal($"{command.Verb}{command.Noun}Command", command.ImplementingType.Name));
    }

    /// <summary>A <c>$</c> matches before a line break at the end, too.</summary>
    [Fact]
    public void No_parameter_takes_a_line_break_behind_what_it_checks()
    {
        var patterns = Commands().SelectMany(command => command.Parameters.Values.SelectMany(parameter => parameter.Attributes.OfType<ValidatePatternAttribute>()
            .Select(attribute => (Parameter: $"{command.Name} -{parameter.Name}", Pattern: attribute.RegexPattern)))).ToList();
        Assert.NotEmpty(patterns);
        Assert.DoesNotContain(patterns, each => each.Pattern.EndsWith('$'));
    }

    private static CmdletAttribute Attribute(CmdletInfo command) =>
        (CmdletAttribute)command.ImplementingType.GetCustomAttributes(typeof(CmdletAttribute), inherit: false)[0];

    private static List<CmdletInfo> Commands()
    {
        using var shell = new Shell();
        return [.. shell.Run("Get-Command -Module HaCluster").Clean().Output.Select(command => (CmdletInfo)command.BaseObject)];
    }

    [GeneratedRegex("`([A-Z][a-z]+-Ha[A-Za-z]+)`")]
    private static partial Regex CmdletName();
}
