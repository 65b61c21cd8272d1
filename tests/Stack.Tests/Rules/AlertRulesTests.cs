using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Rules;

/// <summary>Rules as the Prometheus operator gets them.</summary>
public sealed class AlertRulesTests
{
    private const string Type = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";

    [Fact]
    public async Task Every_subject_is_an_object_in_the_namespace_of_monitoring()
    {
        var rules = Of(await DeclaredCluster.FromAsync("{}"));

        Assert.Contains(rules, rule => rule.Name == "rules-databases");
        Assert.Equal("ha-databases", rules.One(Type, "rules-databases").Text("metadata.name"));
        Assert.All(rules, rule => Assert.Equal("monitoring", rule.Text("metadata.namespace")));
        Assert.All(rules, rule => Assert.Equal(rule.Name, $"rules-{rule.Text("spec.groups.0.name")}"));
    }

    [Fact]
    public async Task An_alert_has_labels_to_route_by_and_links_to_follow()
    {
        var rule = Of(await DeclaredCluster.FromAsync("{}")).One(Type, "rules-nodes");

        Assert.Equal("NodeNotReady", rule.Text("spec.groups.0.rules.0.alert"));
        Assert.Equal("5m", rule.Text("spec.groups.0.rules.0.for"));
        Assert.Contains("kube_node_status_condition", rule.Text("spec.groups.0.rules.0.expr"), StringComparison.Ordinal);
        Assert.Null(rule.At("spec.groups.0.rules.0.record"));
        Assert.Equal("warning", rule.Text("spec.groups.0.rules.0.labels.severity"));
        Assert.Equal("platform", rule.Text("spec.groups.0.rules.0.labels.team"));
        Assert.EndsWith("/NodeNotReady.md", rule.Text("spec.groups.0.rules.0.annotations.runbook_url"), StringComparison.Ordinal);
        Assert.Equal("http://localhost:3000/d/ha-cluster", rule.Text("spec.groups.0.rules.0.annotations.dashboard_url"));
    }

    [Fact]
    public async Task A_recorded_series_is_recorded_before_the_alerts_that_read_it()
    {
        var rule = Of(await DeclaredCluster.FromAsync("{}")).One(Type, "rules-zones");

        Assert.Equal("node:zone:labels", rule.Text("spec.groups.0.rules.0.record"));
        Assert.Null(rule.At("spec.groups.0.rules.0.alert"));
        Assert.Equal("ZoneLost", rule.Text("spec.groups.0.rules.4.alert"));
    }

    [Fact]
    public async Task Without_monitoring_there_are_no_rules() =>
        Assert.Empty(Of(await DeclaredCluster.FromAsync("""{"monitoring": {"enabled": false}}""")));

    private static IReadOnlyList<RecordedResource> Of(IReadOnlyList<RecordedResource> resources) =>
        [.. resources.Of(Type).Where(rule => rule.Name.StartsWith("rules-", StringComparison.Ordinal))];
}
