using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Metrics;
using HaCluster.Sentinel.Tests.Cases;

namespace HaCluster.Sentinel.Tests;

/// <summary>The contract beside the declared chains, the alert rules and the dashboards use the names that the program has.</summary>
public sealed partial class ContractTests
{
    private static readonly string Stack = Path.Combine(Root(), "infra", "Stack");
    private static readonly string[] Suffixes = ["", "_bucket", "_sum", "_count"];

    [Fact]
    public void Rules_and_dashboards_ask_for_metrics_that_there_are()
    {
        var asked = Directory.EnumerateFiles(Path.Combine(Stack, "Monitoring"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Names().Matches(File.ReadAllText(file)).Select(match => match.Value)).Distinct().ToList();
        var given = Constants(typeof(MetricNames)).SelectMany(name => Suffixes.Select(suffix => name + suffix)).ToHashSet();

        Assert.NotEmpty(asked);
        Assert.Superset(asked.ToHashSet(), given);
    }

    [Fact]
    public void The_contract_names_every_metric_and_every_reason_and_no_other()
    {
        var contract = Contract.Text;

        Assert.Equal(Constants(typeof(MetricNames)).Order(), Names().Matches(contract).Select(match => match.Value).Distinct().Order());
        Assert.All(Constants(typeof(Reasons)), reason => Assert.Contains($"`{reason}`", contract, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    [GeneratedRegex(@"\bsentinel_[a-z_]*[a-z]\b")]
    private static partial Regex Names();
}
