using HaCluster.Cli.Views;
using NetArchTest.Rules;

namespace HaCluster.Cli.Tests.Architecture;

/// <summary>Commands use runs, views and the terminal; none of these knows commands.</summary>
public sealed class ArchitectureTests
{
    private const string Cli = "HaCluster.Cli.";

    [Theory]
    [InlineData("Views", "Commands", "Completion")]
    [InlineData("Running", "Commands", "Completion")]
    [InlineData("Terminal", "Commands", "Completion", "Views", "Running")]
    public void Arrows_run_one_way(string part, params string[] unknown)
    {
        var result = Types.InAssembly(typeof(PlanView).Assembly).That().ResideInNamespace(Cli + part)
            .ShouldNot().HaveDependencyOnAny([.. unknown.Select(other => Cli + other)]).GetResult();
        Assert.True(result.IsSuccessful, string.Join('\n', result.FailingTypeNames ?? []));
    }
}
