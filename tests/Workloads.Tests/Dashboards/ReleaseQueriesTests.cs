namespace HaCluster.Workloads.Tests.Dashboards;

/// <summary>What the marks of releases mark, asked of the real query language over the life of a deployment.</summary>
public sealed class ReleaseQueriesTests
{
    // A deployment of three releases: v1 from the beginning, v2 at minute 60, and back to v1 at minute 90. At minute 30 an autoscaler adds
    // replicas. kube-state-metrics restarts at minute 120: for three minutes nothing is known, and then every series has another pod.
    private static readonly (string Series, string Values)[] Life =
    [
        ("""kube_replicaset_spec_replicas{namespace="site-shop",replicaset="shop-7d8f9c",pod="ksm-1"}""", "3x29 6x29 0x29 6x29 stale _x40"),
        ("""kube_replicaset_spec_replicas{namespace="site-shop",replicaset="shop-66bb44",pod="ksm-1"}""", "_x60 6x29 0x29 stale _x40"),
        ("""kube_replicaset_spec_replicas{namespace="site-shop",replicaset="shop-7d8f9c",pod="ksm-2"}""", "_x123 6x60"),
        ("""kube_replicaset_spec_replicas{namespace="site-shop",replicaset="shop-66bb44",pod="ksm-2"}""", "_x123 0x60"),
        ("""kube_replicaset_spec_replicas{namespace="site-other",replicaset="shop-55aa55",pod="ksm-1"}""", "_x10 1x100"),
        ("""kube_replicaset_spec_replicas{namespace="site-shop",replicaset="another-55aa55",pod="ksm-1"}""", "_x10 1x100"),
        ("""kube_statefulset_status_update_revision{namespace="site-shop",statefulset="shop-store",revision="shop-store-1"}""", "1x39 stale _x200"),
        ("""kube_statefulset_status_update_revision{namespace="site-shop",statefulset="shop-store",revision="shop-store-2"}""", "_x40 1x200"),
        ("""kube_node_info{node="a"}""", "1x119 stale _x2 1x100"),
    ];

    private static readonly (string Labels, double Value)[] Nothing = [];
    private static readonly (string Labels, double Value)[] Shop = [("""{namespace="site-shop", workload="shop"}""", 6)];
    private static readonly (string Labels, double Value)[] Store = [("""{namespace="site-shop", workload="shop-store"}""", 1)];

    private static string Marks => GrafanaQuery.Substituted(
        Assert.Single(DashboardFile.Of("ha-services").Queries(), query => query.Place.EndsWith("annotation Releases", StringComparison.Ordinal)).Query);

    private static string Last => GrafanaQuery.Substituted(
        Assert.Single(DashboardFile.Of("ha-services").Queries(), query => query.Place.EndsWith("variable release", StringComparison.Ordinal)).Query);

    [SkippableTheory]
    [InlineData("12m", "a release in another namespace, and one of another workload")]
    [InlineData("32m", "an autoscaler that adds replicas")]
    [InlineData("58m", "nothing")]
    [InlineData("67m", "what is longer ago than a mark lasts")]
    [InlineData("121m", "kube-state-metrics being away")]
    [InlineData("124m", "kube-state-metrics being back")]
    [InlineData("128m", "the end of its absence")]
    public async Task Unmarked_paragraphs_are_kept(string at, string what) => Assert.Equal("", Because(what, await Promtool.EvaluateAsync(Life, (Marks, at, Nothing))));

    [SkippableFact]
    public async Task A_new_revision_is_marked() => Assert.Equal("", await Promtool.EvaluateAsync(Life, (Marks, "61m", Shop), (Marks, "64m", Shop)));

    [SkippableFact]
    public async Task Going_back_to_an_old_revision_is_marked() => Assert.Equal("", await Promtool.EvaluateAsync(Life, (Marks, "91m", Shop)));

    [SkippableFact]
    public async Task A_new_revision_of_a_stateful_set_is_marked() => Assert.Equal("", await Promtool.EvaluateAsync(Life, (Marks, "41m", Store)));

    [SkippableFact]
    public async Task The_last_release_is_found_to_two_minutes()
    {
        Assert.Equal("", await Promtool.EvaluateAsync(
            Life,
            (Last, "80m", [("{}", 61 * 60)]),
            (Last, "115m", [("{}", 91 * 60)])));
    }

    [SkippableFact]
    public async Task Without_a_release_it_is_the_beginning_of_the_range() =>
        Assert.Equal("", await Promtool.EvaluateAsync([("""kube_node_info{node="a"}""", "1x600")], (Last, "400m", [("{}", (400 * 60) - 21600)])));

    [SkippableTheory]
    [InlineData("site-shop", "shop-.*")]
    [InlineData("bitcoin-rpc", @"bitcoin-rpc-[a-z0-9]+-\\w{5}$")]
    public async Task The_pods_of_a_service_follow_from_its_name(string service, string pods)
    {
        var query = Assert.Single(DashboardFile.Of("ha-services").Queries(), query => query.Place.EndsWith("variable pods", StringComparison.Ordinal)).Query;
        Assert.Equal("", await Promtool.EvaluateAsync([], (query.Replace("$service", service, StringComparison.Ordinal), "1m", [($"{{pods=\"{pods}\"}}", 1)])));
    }

    [SkippableFact]
    public async Task A_wrong_expectation_is_found() => Assert.NotEqual("", await Promtool.EvaluateAsync(Life, (Marks, "61m", Nothing)));

    private static string Because(string what, string output) => output.Length == 0 ? "" : $"marked: {what}\n{output}";
}
