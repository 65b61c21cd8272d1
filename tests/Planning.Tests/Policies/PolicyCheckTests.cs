using HaCluster.Engine.Graph;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Policies;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

public sealed class PolicyCheckTests
{
    private const string Policy = "pinned-versions";

    [Fact]
    public void A_policy_that_is_off_still_says_what_breaks_it()
    {
        var result = Checked.Of(Policy, TwoCharts(), new PolicySwitch(Policy, "charts follow their makers", []));
        Assert.Equal((PolicyStatus.Off, "charts follow their makers", 2), (result.Status, result.Reason, result.Violations.Length));
    }

    [Theory]
    [InlineData("legacy-shop", PolicyStatus.Violated)]
    [InlineData("legacy-*", PolicyStatus.Violated)]
    [InlineData("*", PolicyStatus.Holds)]
    [InlineData("urn:*::legacy-shop", PolicyStatus.Violated)]
    [InlineData("urn:*", PolicyStatus.Holds)]
    public void An_exception_is_for_the_resources_it_names(string pattern, PolicyStatus expected)
    {
        var result = Checked.Of(Policy, TwoCharts(), new PolicySwitch(Policy, "moves in March", [pattern]));
        Assert.Equal((expected, "moves in March"), (result.Status, result.Reason));
        Assert.Contains("Release legacy-shop", result.Exempted.Select(violation => violation.Resource));
        Assert.Equal(expected == PolicyStatus.Violated ? ["Release shop"] : [], result.Violations.Select(violation => violation.Resource));
    }

    [Fact]
    public void A_pattern_that_matches_no_violation_is_reported()
    {
        PolicySwitch[] switches = [new(Policy, "moves in March", ["legacy-*", "gone"]), new("imdsv2", "no nodes", ["any"])];
        var results = PolicyCheck.Of(TwoCharts(), ClusterModelReader.Of(TwoCharts()), [.. switches]);
        Assert.Equal(
            [
                "ha-cluster:policies.pinned-versions.resources: 'gone' matches no violation; remove it",
                "ha-cluster:policies.imdsv2.resources: 'any' matches no violation; remove it",
            ],
            PolicyCheck.IdlePatterns(results, [.. switches]));
    }

    [Fact]
    public void What_could_not_be_inspected_makes_a_policy_incomplete_unless_it_is_violated_or_off()
    {
        var closed = new GraphBuilder();
        closed.Resource("aws:iam/rolePolicy:RolePolicy", "it", new { policy = "not JSON" });
        Assert.Equal(PolicyStatus.Incomplete, Checked.Of("iam-no-wildcard", closed.Build()).Status);
        Assert.Equal(PolicyStatus.Off, Checked.Of("iam-no-wildcard", closed.Build(), new PolicySwitch("iam-no-wildcard", "why", [])).Status);
        closed.Resource("aws:iam/rolePolicy:RolePolicy", "wide", new { policy = """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""" });
        Assert.Equal(PolicyStatus.Violated, Checked.Of("iam-no-wildcard", closed.Build()).Status);
    }

    [Fact]
    public void A_graph_of_nothing_keeps_every_policy()
    {
        var results = PolicyCheck.Of(new GraphBuilder().Build(), ClusterModelReader.Of(new GraphBuilder().Build()), []);
        Assert.Equal(PolicyCatalog.All.Select(policy => policy.Id), results.Select(result => result.Id));
        Assert.All(results, result => Assert.Equal((PolicyStatus.Holds, 0), (result.Status, result.NotInspected.Length)));
    }

    [Fact]
    public void Every_policy_has_an_id_of_its_own_and_says_why_where_and_how()
    {
        Assert.All(PolicyCatalog.All, policy =>
        {
            Assert.Matches(@"^[a-z0-9]+(-[a-z0-9]+)*\z", policy.Id);
            Assert.All(new[] { policy.Title, policy.Why, policy.Fix }, Assert.NotEmpty);
            Assert.Equal("https", policy.Source.Scheme);
            Assert.Same(policy, PolicyCatalog.Find(policy.Id));
        });
    }

    private static ResourceGraph TwoCharts()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:helm.sh/v3:Release", "shop", new { version = "*" });
        graph.Resource("kubernetes:helm.sh/v3:Release", "legacy-shop", new { version = "*" });
        return graph.Build();
    }
}
