using HaCluster.Workloads.Tests.Rendered;

namespace HaCluster.Workloads.Tests.Dashboards;

/// <summary>Every query of every dashboard is one that Prometheus takes, about metrics that exist.</summary>
public sealed class DashboardQueryTests
{
    // What the rules of the stack record; the rendered rule files are asked for them as well.
    private static readonly HashSet<string> NoneRecorded = [];

    public static TheoryData<string> Uids => [.. DashboardFile.All.Select(dashboard => dashboard.Uid)];

    [SkippableTheory]
    [MemberData(nameof(Uids))]
    public async Task Prometheus_parses_every_query(string uid) => Assert.Equal("", await Promtool.ParseAsync(Substituted(uid)));

    [Theory]
    [MemberData(nameof(Uids))]
    public void Every_metric_is_documented(string uid) => Assert.Equal([], KnownMetrics.Unknown(Substituted(uid), NoneRecorded));

    [Fact]
    public async Task Rules_ask_for_documented_metrics_only()
    {
        var prod = await RenderedStack.Prod;
        var unknown = KnownMetrics.Unknown(RenderedRules.Expressions(prod), RenderedRules.Recorded(prod)).ToList();
        Assert.True(unknown.Count == 0, string.Join('\n', unknown));
    }

    [SkippableTheory]
    [InlineData("sum by (zone (up)")]
    [InlineData("rate(up)")]
    [InlineData("up == bool \"text\"")]
    [InlineData("")]
    public async Task A_query_that_is_wrong_is_found(string query)
    {
        var refusal = await Promtool.ParseAsync([("good", "up"), ("the wrong one", query)]);
        Assert.NotEqual("", refusal);
    }

    [Fact]
    public void A_metric_without_a_documented_source_is_found() =>
        Assert.Equal(
            ["panel: kube_pods_status_phase", "panel: site:rate"],
            KnownMetrics.Unknown([("panel", "sum(kube_pods_status_phase) + sum(kube_pod_status_phase) + site:rate + site:other")], new HashSet<string> { "site:other" }));

    [Fact]
    public void A_variable_that_no_one_declared_is_found() =>
        Assert.Throws<InvalidOperationException>(() => GrafanaQuery.Substituted("up{job=\"$jobb\"}"));

    [Theory]
    [MemberData(nameof(Uids))]
    public void Every_variable_in_use_is_declared_before_it_is_used(string uid)
    {
        var dashboard = DashboardFile.Of(uid);
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in dashboard.Variables)
        {
            if (variable["type"]!.GetValue<string>() == "query")
                Assert.Subset(declared, GrafanaQuery.VariablesIn(variable["query"]!["query"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal));
            declared.Add(variable["name"]!.GetValue<string>());
        }

        Assert.All(dashboard.Queries(), query => Assert.Subset(declared, GrafanaQuery.VariablesIn(query.Query).ToHashSet(StringComparer.Ordinal)));
    }

    [Fact]
    public void The_list_of_metrics_names_its_sources_and_nothing_twice()
    {
        Assert.Empty(KnownMetrics.Repeated);
        Assert.All(KnownMetrics.Sections, section => Assert.Matches(@"^\[[^\]]+\] https://\S+\z", section));
    }

    private static IEnumerable<(string Place, string Query)> Substituted(string uid) =>
        DashboardFile.Of(uid).Queries().Select(query => (query.Place, GrafanaQuery.Substituted(query.Query)));
}
