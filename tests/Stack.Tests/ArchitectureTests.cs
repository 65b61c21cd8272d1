using System.Reflection;
using HaCluster.Stack.Settings;
using NetArchTest.Rules;

namespace HaCluster.Stack.Tests;

/// <summary>Which sources of other projects the program borrows, and who uses them. Which folder uses which is in tests/Cli.Tests/Architecture.</summary>
public class ArchitectureTests
{
    private const string Root = "HaCluster.Stack";

    private static readonly Assembly Program = typeof(StackSettings).Assembly;

    private static IEnumerable<string> Parts => Program.GetTypes()
        .Select(type => type.Namespace)
        .OfType<string>()
        .Where(name => name.StartsWith(Root + ".", StringComparison.Ordinal))
        .Select(name => string.Join('.', name.Split('.').Take(3)))
        .Distinct();

    /// <summary>Sources of other projects that are compiled in: a setting is read here as its reader in the cluster reads it. They bring nothing along, and only settings use those of the services.</summary>
    [Fact]
    public void Of_the_services_only_rules_for_settings_are_compiled_in()
    {
        var borrowed = Program.GetTypes().Where(type => !type.IsNested && type.Namespace is { } name && name.StartsWith("HaCluster.", StringComparison.Ordinal) && name.Split('.')[1] != "Stack");
        Assert.Equal(
            ["Engine.Validation.NearestName", "Ledger.Records.Names", "Ledger.Serving.ReservedStreams", "Payments.Amounts.Amount", "Payments.Amounts.Asset", "Payments.Amounts.EthereumAddress", "Payments.Scanning.FinalityRule", "Planning.Capacity.Quantity"],
            borrowed.Select(type => type.FullName!["HaCluster.".Length..]).Order(StringComparer.Ordinal));
        AssertUnused(Types.InAssembly(Program).That().ResideInNamespace("HaCluster").And().DoNotResideInNamespace(Root), Root);
        var parts = Parts.Except([Root + ".Settings"]).ToList();
        Assert.Contains(Root + ".Chains", parts);
        foreach (var part in parts)
            AssertUnused(Types.InAssembly(Program).That().ResideInNamespace(part), "HaCluster.Ledger", "HaCluster.Payments");
    }

    [Fact]
    public void The_program_knows_neither_the_engine_nor_the_tool() => Assert.DoesNotContain(Program.GetReferencedAssemblies().Select(name => name.Name!), name => name.StartsWith("HaCluster.", StringComparison.Ordinal));

    private static void AssertUnused(PredicateList users, params string[] unknown)
    {
        Assert.NotEmpty(users.GetTypes());
        var result = users.ShouldNot().HaveDependencyOnAny(unknown).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }
}
