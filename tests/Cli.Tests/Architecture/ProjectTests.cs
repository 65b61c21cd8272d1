namespace HaCluster.Cli.Tests.Architecture;

/// <summary>Arrows between projects run one way: each is written down here, tests apart.</summary>
public sealed class ProjectTests
{
    /// <summary>What each project is compiled against: projects, and single sources of others.</summary>
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["infra/Account"] = [],
        ["infra/Cli"] = ["infra/Account", "infra/Planning", "infra/Twin"],
        ["infra/Engine"] = ["infra/Sdk/Wire"],
        ["infra/Planning"] = ["infra/Engine", "infra/Simulation"],
        ["infra/Sdk/Generator"] = [],
        ["infra/Sdk/Pulumi"] = ["infra/Sdk/Wire"],
        ["infra/Sdk/Pulumi.Aws"] = ["infra/Sdk/Pulumi"],
        ["infra/Sdk/Pulumi.Kubernetes"] = ["infra/Sdk/Pulumi"],
        ["infra/Sdk/Wire"] = [],
        ["infra/Services/Ledger"] = ["infra/Services/Shared/*.cs"],
        ["infra/Services/Payments"] = ["infra/Services/Shared/*.cs"],
        ["infra/Services/Sentinel"] = [],
        ["infra/Simulation"] = [],
        // Sources only: it is also compiled alone, against the official SDK.
        ["infra/Stack"] =
        [
            "infra/Engine/Validation/NearestName.cs", "infra/Planning/Capacity/Quantity.cs", "infra/Sdk/Pulumi", "infra/Sdk/Pulumi.Aws", "infra/Sdk/Pulumi.Kubernetes",
            "infra/Services/Ledger/Records/Names.cs", "infra/Services/Ledger/Serving/ReservedStreams.cs", "infra/Services/Payments/Amounts/Amount.cs", "infra/Services/Payments/Amounts/Asset.cs",
            "infra/Services/Payments/Amounts/EthereumAddress.cs", "infra/Services/Payments/Scanning/FinalityRule.cs",
        ],
        ["infra/Twin"] = ["infra/Planning", "infra/Simulation"],
        // One source only: what is in deps/ is not loaded for a view.
        ["module/Cmdlets"] = ["infra/Planning/Durations.cs", "module/Operations", "module/Results"],
        ["module/Help"] = ["module/Results"],
        ["module/Operations"] = ["infra/Account", "infra/Planning", "module/Results"],
        ["module/Results"] = [],
    };

    [Fact]
    public void Every_project_is_written_down() => Assert.Equal(References.Keys.Order(StringComparer.Ordinal), Projects.All);

    [Theory]
    [MemberData(nameof(All))]
    public void A_project_is_compiled_against_what_is_written_down(string project) => Assert.Equal(References[project], Projects.ReferencesOf(project));

    /// <summary>Also by way of others.</summary>
    [Theory]
    [InlineData("infra/Cli")]
    [InlineData("infra/Stack")]
    [InlineData("infra/Services/Ledger")]
    [InlineData("infra/Services/Payments")]
    [InlineData("infra/Services/Sentinel")]
    [InlineData("module/Cmdlets")]
    public void Nothing_is_built_on(string project) => Assert.DoesNotContain(Projects.All, other => Closure(other).Contains(project));

    [Theory]
    [InlineData("module/Operations", "infra/Twin", "it cannot tell the twin from the real thing")]
    [InlineData("module/Operations", "infra/Sdk/Pulumi", "it starts Pulumi, and declares nothing")]
    [InlineData("infra/Engine", "infra/Sdk/Pulumi", "it speaks with programs in any language, by the wire alone")]
    [InlineData("infra/Twin", "infra/Account", "it is an account, and asks none")]
    public void A_project_never_reaches(string project, string other, string why) => Assert.False(Closure(project).Contains(other), why);

    public static TheoryData<string> All => [.. References.Keys];

    private static HashSet<string> Closure(string project)
    {
        var (closure, next) = (new HashSet<string>(), new Queue<string>([project]));
        while (next.TryDequeue(out var at))
        {
            foreach (var reference in Projects.ReferencesOf(at).Where(reference => Projects.All.Contains(reference) && closure.Add(reference)))
                next.Enqueue(reference);
        }

        return closure;
    }
}
