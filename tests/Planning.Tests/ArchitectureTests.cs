using HaCluster.Planning.Plans;
using HaCluster.Simulation.Model;
using NetArchTest.Rules;

namespace HaCluster.Planning.Tests;

/// <summary>Which way the arrows run: one reading of a cluster, which everyone asks and which asks nobody.</summary>
public sealed class ArchitectureTests
{
    private const string Planning = "HaCluster.Planning.";

    /// <summary>Those that ask the model.</summary>
    private static readonly string[] Asking = [.. new[] { "Plans", "Policies", "Costs", "ServiceQuotas", "Proof", "Schedules" }.Select(part => Planning + part)];

    [Fact]
    public void The_model_asks_nobody_who_asks_it() => AssertHolds(
        Types.InAssembly(typeof(Plan).Assembly).That().ResideInNamespace(Planning + "Modelling").ShouldNot().HaveDependencyOnAny(Asking));

    [Theory]
    [InlineData("Plans")]
    [InlineData("Policies")]
    [InlineData("Costs")]
    [InlineData("ServiceQuotas")]
    [InlineData("Proof")]
    [InlineData("Schedules")]
    public void Nobody_else_reads_pods(string part) => AssertHolds(
        Types.InAssembly(typeof(Plan).Assembly).That().ResideInNamespace(Planning + part)
            .ShouldNot().HaveDependencyOnAny(Planning + "Modelling.Pods", Planning + "Capacity.ContainerDefaults"));

    [Fact]
    public void Facts_of_resources_know_no_cluster() => AssertHolds(
        Types.InAssembly(typeof(Plan).Assembly).That().ResideInNamespace(Planning + "Facts")
            .ShouldNot().HaveDependencyOnAny([Planning + "Modelling", "HaCluster.Simulation", .. Asking]));

    [Fact]
    public void The_simulation_knows_neither_plans_nor_programs() => AssertHolds(
        Types.InAssembly(typeof(ClusterModel).Assembly).ShouldNot().HaveDependencyOnAny("HaCluster.Planning", "HaCluster.Engine", "System.IO.File", "System.Net"));

    [Fact]
    public void The_simulation_uses_nothing_but_the_runtime() =>
        Assert.All(typeof(ClusterModel).Assembly.GetReferencedAssemblies(), used => Assert.StartsWith("System.", used.Name, StringComparison.Ordinal));

    private static void AssertHolds(ConditionList rule)
    {
        var result = rule.GetResult();
        Assert.True(result.IsSuccessful, string.Join('\n', result.FailingTypeNames ?? []));
    }
}
