using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HaCluster.Stack.Monitoring.Rules;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Payments;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Rules;

public sealed partial class RuleCatalogTests
{
    // Of kubernetes-mixin, node-exporter, Prometheus and Alertmanager, as kube-prometheus-stack installs them: Alertmanager would group ours with theirs.
    private static readonly string[] OfTheChart =
    [
        "KubePodCrashLooping", "KubePodNotReady", "KubeContainerWaiting", "KubeNodeNotReady", "KubeNodeUnreachable", "KubeNodePressure", "KubeNodeEviction",
        "KubePersistentVolumeFillingUp", "KubePersistentVolumeErrors", "KubeQuotaAlmostFull", "KubeQuotaFullyUsed", "KubeQuotaExceeded", "CPUThrottlingHigh",
        "NodeClockSkewDetected", "NodeClockNotSynchronising", "TargetDown", "Watchdog", "InfoInhibitor", "AlertmanagerFailedToSendAlerts",
        "AlertmanagerClusterFailedToSendAlerts",
    ];

    [Fact]
    public void No_name_is_used_twice_or_belongs_to_the_chart()
    {
        var groups = Of("{}");
        var names = groups.SelectMany(group => group.Alerts).Select(alert => alert.Name).ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(names.Intersect(OfTheChart));
        Assert.Equal(groups.Length, groups.Select(group => group.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("databases", "databases")]
    [InlineData("logging", "opensearch", "log-shipping")]
    [InlineData("chains", "chains", "bitcoin", "ethereum", "chain-snapshots")]
    [InlineData("backups", "backups")]
    [InlineData("edge", "sites", "load-balancers")]
    public void What_is_switched_off_is_not_watched(string part, params string[] groups)
    {
        var on = Of("{}").Select(group => group.Name).ToList();
        var off = Of($$"""{ "{{part}}": { "enabled": false } }""").Select(group => group.Name).ToList();

        Assert.All(groups, group => Assert.Contains(group, on));
        Assert.All(groups, group => Assert.DoesNotContain(group, off));
    }

    [Fact]
    public void The_finance_log_is_watched_where_it_runs()
    {
        const string Running = """{"logging":{"finance":{"producers":"test/producers"}}}""";

        Assert.Contains("finance-log", Of(Running).Select(group => group.Name));
        Assert.Contains("finance log", Alert(Of(Running), "MetricsSourceMissing").Expression, StringComparison.Ordinal);
        Assert.DoesNotContain("finance-log", Of("{}").Select(group => group.Name));
        Assert.DoesNotContain("finance log", Alert(Of("{}"), "MetricsSourceMissing").Expression, StringComparison.Ordinal);
    }

    [Fact]
    public void Payments_are_watched_where_they_run()
    {
        Assert.Contains("payments", Of(PaymentsTests.Running).Select(group => group.Name));
        Assert.Contains("payments_build_info", Alert(Of(PaymentsTests.Running), "MetricsSourceMissing").Expression, StringComparison.Ordinal);
        Assert.DoesNotContain("payments", Of("{}").Select(group => group.Name));
        Assert.DoesNotContain("payments_build_info", Alert(Of("{}"), "MetricsSourceMissing").Expression, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("databases", "CloudWatch RDS")]
    [InlineData("logging", "Fluent Bit")]
    [InlineData("chains", "chain sentinels")]
    [InlineData("backups", "Velero")]
    public void What_is_switched_off_is_not_missed(string part, string source)
    {
        Assert.Contains(source, Alert(Of("{}"), "MetricsSourceMissing").Expression, StringComparison.Ordinal);
        Assert.DoesNotContain(source, Alert(Of($$"""{ "{{part}}": { "enabled": false } }"""), "MetricsSourceMissing").Expression, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_zones_is_that_of_the_stack() =>
        Assert.Contains("< 4\n", Alert(Of("""{"zones": 4}"""), "ClusterInFewerZones").Expression, StringComparison.Ordinal);

    [Fact]
    public void Each_service_has_its_own_series_and_all_share_the_alerts()
    {
        var settings = Configuration.Read("{}").Settings;
        var one = RuleCatalog.For(settings, [Service("a")]).Single(group => group.Name == "services");
        var two = RuleCatalog.For(settings, [Service("a"), Service("b")]).Single(group => group.Name == "services");

        Assert.Equal(2 * one.Records.Length, two.Records.Length);
        Assert.Equal(one.Alerts.Length, two.Alerts.Length);
        Assert.Equal((string[])["a", "b"], two.Records.Select(record => record.Labels["service"]).Distinct());
        Assert.Contains(one.Records, record => record is { Series: "service:objective", Expression: "vector(0.995)" } && record.Labels["team"] == "delivery");
    }

    [Fact]
    public void Without_services_there_are_no_budgets() =>
        Assert.DoesNotContain(RuleCatalog.For(Configuration.Read("{}").Settings, []), group => group.Name == "services");

    [Fact]
    public void Every_level_of_a_recorded_series_is_named()
    {
        var series = Of("{}").SelectMany(group => group.Records).Select(record => record.Series);

        Assert.All(series, name => Assert.Matches(Recorded(), name));
    }

    private static ImmutableArray<RuleGroup> Of(string json)
    {
        var (settings, problems) = Configuration.Read(json);
        Assert.Empty(problems);
        return RuleCatalog.For(settings);
    }

    private static AlertRule Alert(ImmutableArray<RuleGroup> groups, string name) =>
        Assert.Single(groups.SelectMany(group => group.Alerts), alert => alert.Name == name);

    private static ServiceGroup Service(string name) => new()
    {
        Name = name,
        Namespace = name,
        Workload = "a",
        Pods = ".*",
        Team = "delivery",
        Objective = 0.995m,
        Requests = "requests",
        Errors = "errors",
        LatencySeconds = "latency",
    };

    [GeneratedRegex(@"^[a-z]+:[a-z_]+:[a-z0-9_]+\z|^service:[a-z_]+\z")]
    private static partial Regex Recorded();
}
