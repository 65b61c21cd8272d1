using System.Text;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Dashboards;

public sealed class ClusterDashboardsTests
{
    [Fact]
    public async Task Everything_that_is_on_has_its_dashboard() =>
        Assert.Equal(["ha-chains", "ha-cluster", "ha-databases", "ha-finance", "ha-logs", "ha-payments", "ha-services"], await UidsAsync(DashboardStack.Everything, DashboardStack.Shop));

    [Fact]
    public async Task The_finance_log_and_payments_have_one_where_they_run() => Assert.Empty((await UidsAsync("{}", DashboardStack.Shop)).Intersect(["ha-finance", "ha-payments"]));

    [Theory]
    [InlineData("chains", "ha-chains")]
    [InlineData("databases", "ha-databases")]
    [InlineData("logging", "ha-logs")]
    public async Task What_is_off_has_none(string part, string uid)
    {
        var uids = await UidsAsync("{\"" + part + "\":{\"enabled\":false}}", DashboardStack.Shop);
        Assert.DoesNotContain(uid, uids);
        Assert.Equal(4, uids.Count);
    }

    [Fact]
    public async Task Without_services_there_is_none_of_services() => Assert.DoesNotContain("ha-services", await UidsAsync("{}"));

    [Fact]
    public async Task Grafana_finds_them_by_label_in_the_namespace_of_monitoring()
    {
        var maps = (await DashboardStack.FromAsync("{}", DashboardStack.Shop)).Of("kubernetes:core/v1:ConfigMap");
        Assert.Equal(5, maps.Count);
        Assert.All(maps, map =>
        {
            Assert.Equal("monitoring", map.Text("metadata.namespace"));
            Assert.Equal(map.Name, map.Text("metadata.name"));
            Assert.Equal("1", map.Map("metadata.labels")["grafana_dashboard"]);
            // The sidecar writes one file a key into one folder, so keys must differ; etcd takes a megabyte.
            var (key, json) = Assert.Single(map.Map("data"));
            Assert.Equal($"{map.Name["dashboard-".Length..]}.json", key);
            Assert.InRange(Encoding.UTF8.GetByteCount((string)json), 1_000, 262_144);
        });
    }

    private static async Task<IReadOnlyList<string>> UidsAsync(string settings, params ServiceGroup[] services) =>
        [.. (await DashboardStack.FromAsync(settings, [.. services])).Of("kubernetes:core/v1:ConfigMap").Select(map => map.Name["dashboard-".Length..])];
}
