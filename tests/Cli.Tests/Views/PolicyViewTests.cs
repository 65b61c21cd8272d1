using System.Collections.Immutable;
using HaCluster.Cli.Views;
using HaCluster.Planning.Policies;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Views;

/// <summary>What the policies of a plan look like, to the letter.</summary>
public sealed class PolicyViewTests
{
    [Fact]
    public void When_all_hold_it_is_one_line() =>
        AssertShown(Policy("imdsv2", PolicyStatus.Holds), Policy("iam-no-wildcard", PolicyStatus.Holds));

    [Fact]
    public void What_does_not_hold_or_was_not_inspected_comes_with_its_reason() =>
        AssertShown(
            Policy("deletion-protection", PolicyStatus.Off) with { Reason = "dev is thrown away every week", Violations = [new("u", "Cluster dev", "not protected")] },
            Policy("disruption-budgets", PolicyStatus.Off) with { Reason = "one node is enough" },
            Policy("pinned-versions", PolicyStatus.Holds) with { Reason = "moves in March", Exempted = [new("u", "Release legacy", "no version")] },
            Policy("replicas-spread", PolicyStatus.Incomplete) with { NotInspected = ["chart a", "chart b", "add-on c"] },
            Policy("iam-no-wildcard", PolicyStatus.Incomplete) with { NotInspected = ["document policy of Role ci"] },
            Policy("imdsv2", PolicyStatus.Violated) with
            {
                Violations = [new("u", "LaunchTemplate general", "metadataOptions.httpTokens is not required")],
            });

    [Fact]
    public void A_plan_that_was_not_checked_says_nothing_about_policies() => Assert.Equal([""], Show());

    private static PolicyResult Policy(string id, PolicyStatus status) => new()
    {
        Id = id,
        Title = "nodes keep their role to themselves",
        Status = status,
        Why = "Version 1 hands the node's role to any pod that can be made to fetch a URL.",
        Source = "https://example.com/",
        Fix = "set metadataOptions of the launch template",
    };

    private static void AssertShown(params ImmutableArray<PolicyResult> policies) => Shown.Match(Show(policies));

    private static IEnumerable<string> Show(params ImmutableArray<PolicyResult> policies)
    {
        using var console = new TestConsole { Profile = { Width = 80 } };
        PolicyView.Show(console, policies);
        return [.. console.Output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }
}
