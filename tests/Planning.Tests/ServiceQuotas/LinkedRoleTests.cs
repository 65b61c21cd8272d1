using HaCluster.Engine.Graph;
using HaCluster.Planning.ServiceQuotas;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.ServiceQuotas;

public sealed class LinkedRoleTests
{
    [Theory]
    [InlineData(true, true, null, false, "used if the account has it, otherwise created")]
    [InlineData(true, true, true, false, "the account has it")]
    [InlineData(true, true, false, false, "the account does not have it; pulumi up creates it")]
    [InlineData(false, true, true, false, "the account has it")]
    [InlineData(true, false, true, true, "remove ha-cluster:logging.search.createServiceRole")]
    [InlineData(true, false, false, false, "pulumi up creates it")]
    [InlineData(false, false, false, true, "remove ha-cluster:logging.search.createServiceRole")]
    [InlineData(false, false, true, false, "the account has it")]
    public void What_the_settings_say_must_go_with_what_the_account_has(bool isDeclared, bool asks, bool? isPresent, bool isWrong, string summary)
    {
        var role = new LinkedRole(isDeclared, asks, isPresent);

        Assert.Equal(isWrong, role.IsWrong);
        Assert.EndsWith(summary, role.Summary, StringComparison.Ordinal);
        Assert.Equal(!isWrong, new QuotaComparison(null, [], []) { LinkedRole = role }.Fits);
    }

    [Fact]
    public void Only_a_cluster_with_a_domain_needs_it()
    {
        var graph = new GraphBuilder();
        Assert.Null(LinkedRole.Of(graph.Build()));

        graph.Resource("aws:opensearch/domain:Domain", "search");
        Assert.Equal(new LinkedRole(IsDeclared: false, DependsOnAccount: false), LinkedRole.Of(graph.Build()));

        graph.Resource("aws:iam/serviceLinkedRole:ServiceLinkedRole", "opensearch");
        var asking = graph.Build() with { Invokes = [new InvokeRecord("aws:iam/getRoles:getRoles", Values.NoEntries, Values.NoEntries)] };
        Assert.Equal(new LinkedRole(IsDeclared: true, DependsOnAccount: true), LinkedRole.Of(asking));
    }
}
