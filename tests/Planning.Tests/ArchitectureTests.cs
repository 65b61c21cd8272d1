using HaCluster.Planning.Plans;
using HaCluster.Simulation.Model;
using NetArchTest.Rules;

namespace HaCluster.Planning.Tests;

/// <summary>One reading of a cluster, which everyone asks: what it reads pods with is its own.</summary>
/// <remarks>Which folder uses which is in tests/Cli.Tests/Architecture; here is also seen what is used without being named.</remarks>
public sealed class ArchitectureTests
{
    private const string Planning = "HaCluster.Planning.";
    private const string Modelling = "Modelling";

    public static TheoryData<string> OthersThanTheModel =>
        [.. typeof(Plan).Assembly.GetTypes().Select(type => type.Namespace).OfType<string>().Where(name => name.StartsWith(Planning, StringComparison.Ordinal)).Select(name => name.Split('.')[2]).Distinct().Except([Modelling])];

    [Theory]
    [MemberData(nameof(OthersThanTheModel))]
    public void Nobody_else_reads_pods(string part) => AssertUnused(In(Planning + part), Planning + Modelling + ".Pods");

    [Fact]
    public void Facts_of_resources_know_no_cluster() => AssertUnused(In(Planning + "Facts"), Planning + Modelling, "HaCluster.Simulation.Model");

    [Fact]
    public void The_simulation_uses_nothing_but_the_runtime() =>
        Assert.All(typeof(ClusterModel).Assembly.GetReferencedAssemblies(), used => Assert.StartsWith("System.", used.Name, StringComparison.Ordinal));

    private static PredicateList In(string @namespace) => Types.InAssembly(typeof(Plan).Assembly).That().ResideInNamespace(@namespace);

    private static void AssertUnused(PredicateList users, params string[] unknown)
    {
        Assert.NotEmpty(users.GetTypes());
        // A rule about a namespace that is gone forbids nothing.
        Assert.All(unknown, name => Assert.NotEmpty(Types.InAssemblies([typeof(Plan).Assembly, typeof(ClusterModel).Assembly]).That().ResideInNamespace(name).GetTypes()));
        var result = users.ShouldNot().HaveDependencyOnAny(unknown).GetResult();
        Assert.True(result.IsSuccessful, string.Join('\n', result.FailingTypeNames ?? []));
    }
}
