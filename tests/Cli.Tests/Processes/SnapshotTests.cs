using HaCluster.Cli.Tests.Documentation;
using HaCluster.Cli.Tests.Views;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>All that a person sees of the stack <c>dev</c>, which has something to say in every part, and of settings that are wrong.</summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData("plan")]
    [InlineData("prove")]
    [InlineData("cost")]
    [InlineData("quota")]
    public void A_command_shows(string command) => Shown.Match(Printed.AsShown($"{command} --stack dev"), $"dev.{command}");

    [Theory]
    [InlineData("several", "config:\n  aws:region: eu-central-1\n  ha-cluster:zones: 1\n  ha-cluster:nodePols: {}\n  ha-cluster:nat: perZones\n  ha-cluster:vpcCidr: 10.0.0.0/33\n")]
    [InlineData("malformed", "config:\n  aws:region: eu-central-1\n  ha-cluster:zones: [3\n")]
    [InlineData("policy", "config:\n  aws:region: eu-central-1\n  ha-cluster:cluster: {deletionProtection: false}\n")]
    public void An_error_shows(string mistake, string yaml)
    {
        using var scratch = new Scratch();
        var result = HaInProcess.Run(Ha.Program, 100, ["plan", "--settings", scratch.Write("Pulumi.wrong.yaml", yaml)]);
        Shown.Match($"exit code {result.ExitCode}\n{result.Error.Replace(scratch.Path, "DIRECTORY", StringComparison.Ordinal)}", $"error.{mistake}");
    }
}
