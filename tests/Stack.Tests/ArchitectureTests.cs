using System.Reflection;
using HaCluster.Engine;
using HaCluster.Stack.Settings;
using NetArchTest.Rules;

namespace HaCluster.Stack.Tests;

/// <summary>Which way the arrows go: settings and pins are leaves that components depend on.</summary>
public class ArchitectureTests
{
    private const string Root = "HaCluster.Stack";
    private const string Settings = Root + ".Settings";
    private const string Software = Root + ".Software";

    private static readonly Assembly Program = typeof(StackSettings).Assembly;

    private static string[] Components => [.. Program.GetTypes()
        .Select(type => type.Namespace)
        .OfType<string>()
        .Where(name => name.StartsWith(Root + ".", StringComparison.Ordinal))
        .Select(name => string.Join('.', name.Split('.').Take(3)))
        .Distinct()
        .Except([Settings, Software])];

    [Fact]
    public void Settings_depend_on_no_component()
    {
        Assert.Contains("HaCluster.Stack.Chains", Components);
        Holds(Types.InAssembly(Program).That().ResideInNamespace(Settings).ShouldNot().HaveDependencyOnAny(Components).GetResult());
    }

    [Fact]
    public void Pins_depend_on_neither_settings_nor_components() =>
        Holds(Types.InAssembly(Program).That().ResideInNamespace(Software).ShouldNot().HaveDependencyOnAny([.. Components, Settings]).GetResult());

    /// <summary>Sources of other projects that are compiled in: a setting is read here as its reader in the cluster reads it. They bring nothing along, and only settings use those of the services.</summary>
    [Fact]
    public void Of_the_services_only_rules_for_settings_are_compiled_in()
    {
        var borrowed = Program.GetTypes().Where(type => !type.IsNested && type.Namespace is { } name && name.StartsWith("HaCluster.", StringComparison.Ordinal) && name.Split('.')[1] != "Stack");
        Assert.Equal(
            ["Engine.Validation.NearestName", "Ledger.Records.Names", "Ledger.Serving.ReservedStreams", "Payments.Amounts.Amount", "Payments.Amounts.Asset", "Payments.Amounts.EthereumAddress", "Payments.Scanning.FinalityRule", "Planning.Capacity.Quantity"],
            borrowed.Select(type => type.FullName!["HaCluster.".Length..]).Order(StringComparer.Ordinal));
        Holds(Types.InAssembly(Program).That().ResideInNamespace("HaCluster").And().DoNotResideInNamespace(Root).ShouldNot().HaveDependencyOn(Root).GetResult());
        foreach (var part in Components.Append(Software))
            Holds(Types.InAssembly(Program).That().ResideInNamespace(part).ShouldNot().HaveDependencyOnAny("HaCluster.Ledger", "HaCluster.Payments").GetResult());
    }

    [Fact]
    public void The_program_knows_neither_the_engine_nor_the_tool() => Assert.DoesNotContain(Program.GetReferencedAssemblies().Select(name => name.Name!), name => name.StartsWith("HaCluster.", StringComparison.Ordinal));

    [Fact]
    public void The_engine_never_knows_the_program() =>
        Assert.DoesNotContain(typeof(EmbeddedEngine).Assembly.GetReferencedAssemblies(), name => name.Name == Program.GetName().Name);

    private static void Holds(TestResult result) => Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
}
