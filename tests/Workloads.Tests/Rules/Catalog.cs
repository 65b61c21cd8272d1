using System.Collections.Immutable;
using HaCluster.Stack.Monitoring.Rules;
using HaCluster.Stack.Settings;

namespace HaCluster.Workloads.Tests.Rules;

/// <summary>The rules of a stack where everything is on, with two services of different objectives.</summary>
internal static class Catalog
{
    public static ImmutableArray<ServiceGroup> Services { get; } =
    [
        new()
        {
            Name = "site-shop",
            Namespace = "site-shop",
            Workload = "shop",
            Pods = "shop-.*",
            Team = "delivery",
            Objective = 0.999m,
            Requests = """envoy_cluster_upstream_rq_total{envoy_cluster_name="shop"}""",
            Errors = """envoy_cluster_upstream_rq_xx{envoy_cluster_name="shop",envoy_response_code_class="5"}""",
            LatencySeconds = """
                histogram_quantile(0.95, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="shop"}[5m]))) / 1000
                """,
        },
        new()
        {
            Name = "bitcoin-rpc",
            Namespace = "chains",
            Workload = "bitcoin-front",
            Pods = "bitcoin-rpc-.*",
            Team = "chains",
            Objective = 0.99m,
            Requests = """haproxy_frontend_http_responses_total{proxy="bitcoin"}""",
            Errors = """haproxy_frontend_http_responses_total{proxy="bitcoin",code="5xx"}""",
            LatencySeconds = """haproxy_backend_response_time_average_seconds{proxy="bitcoin"}""",
        },
    ];

    public static ImmutableArray<RuleGroup> All { get; } = RuleCatalog.For(Settings(), Services);

    public static IReadOnlyDictionary<string, AlertRule> Alerts { get; } =
        All.SelectMany(group => group.Alerts).ToDictionary(alert => alert.Name, StringComparer.Ordinal);

    private static StackSettings Settings()
    {
        // The finance log runs only where its producers are named, and payments where they are asked for.
        var everything = ImmutableDictionary<string, string>.Empty
            .Add("logging", """{"finance":{"producers":"test/producers"}}""")
            .Add("databases", """{"postgresql":{"namespaces":["payments","signing"]}}""")
            .Add("payments", """{"enabled":true,"signer":{"keys":"test/keys"}}""");
        var problems = new SettingsProblems();
        var reader = SettingsReader.Root("ha-cluster", everything, ImmutableHashSet<string>.Empty, problems);
        var settings = StackSettings.Read(reader, "eu-central-1", "test");
        Assert.Empty(problems.Messages);
        return settings;
    }
}
