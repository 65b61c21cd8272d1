using HaCluster.Cmdlets.Tests.Hosting;
using HaCluster.Cmdlets.Tests.Runbooks;

namespace HaCluster.Cmdlets.Tests.Help;

/// <summary>Get-Help answers for every cmdlet and parameter, and what it shows as an example is right.</summary>
public sealed class HelpTests
{
    [Fact]
    public void Every_cmdlet_has_a_synopsis_a_description_and_an_example()
    {
        using var shell = new Shell();
        var help = shell.Run("Get-Command -Module HaCluster | ForEach-Object { $help = Get-Help $_.Name -Full; "
            + "[pscustomobject]@{ Name = $_.Name; Synopsis = $help.Synopsis; Description = ($help.Description | Out-String).Trim(); Examples = @($help.Examples.Example).Count } }").Clean();
        Assert.NotEmpty(help.Output);
        Assert.All(help.Output, one =>
        {
            // Without help of its own PowerShell shows the syntax as the synopsis.
            Assert.DoesNotContain("[<CommonParameters>]", (string)one.Properties["Synopsis"].Value, StringComparison.Ordinal);
            Assert.EndsWith(".", (string)one.Properties["Synopsis"].Value, StringComparison.Ordinal);
            Assert.NotEmpty((string)one.Properties["Description"].Value);
            Assert.True((int)one.Properties["Examples"].Value > 0, (string)one.Properties["Name"].Value);
        });
    }

    [Fact]
    public void Every_parameter_is_described()
    {
        using var shell = new Shell();
        var lacking = shell.Run("""
            foreach ($command in Get-Command -Module HaCluster) {
                $described = @((Get-Help $command.Name -Full).Parameters.Parameter | Where-Object { ($_.Description | Out-String).Trim() } | ForEach-Object Name)
                foreach ($parameter in $command.Parameters.Values) {
                    if ($parameter.Attributes.TypeId.Name -contains 'ParameterAttribute' -and $parameter.Name -notin [System.Management.Automation.Cmdlet]::CommonParameters `
                        -and $parameter.Name -notin 'WhatIf', 'Confirm' -and $parameter.Name -notin $described) { "$($command.Name) -$($parameter.Name)" }
                }
            }
            """).Clean();
        Assert.Empty(lacking.Output);
    }

    [Fact]
    public void Every_example_parses_and_binds()
    {
        using var shell = new Shell();
        var examples = shell.Run("Get-Command -Module HaCluster | ForEach-Object { (Get-Help $_.Name -Full).Examples.Example } | ForEach-Object { $_.Code }").Clean();
        Assert.NotEmpty(examples.Output);
        Assert.Empty(examples.Output.SelectMany(example => Binding.ProblemsOf(shell, example.ToString()!)));
    }

    [Theory]
    [InlineData("about_HaCluster")]
    [InlineData("about_HaCluster_Operations")]
    public void Topics_are_found(string topic)
    {
        using var shell = new Shell();
        Assert.Contains("SHORT DESCRIPTION", shell.Run($"Get-Help {topic} | Out-String").Clean().Text, StringComparison.Ordinal);
    }
}
