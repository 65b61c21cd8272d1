using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HaCluster.Stack.Monitoring.Dashboards;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Graph;
using HaCluster.Stack.Tests.Settings;
using Pulumi;
using Pulumi.Testing;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Tests.Dashboards;

/// <summary>The dashboards alone, under mocks: they need nothing of the cluster but the connection to its API.</summary>
public sealed class DashboardStack : Pulumi.Stack
{
    // How the settings reach the constructor that Pulumi calls.
    private static readonly AsyncLocal<(StackSettings Settings, ImmutableArray<ServiceGroup> Services)> Chosen = new();

    public DashboardStack()
    {
        _ = new ClusterDashboards("dashboards", new ClusterDashboardsArgs
        {
            Foundation = new Foundation
            {
                Scope = null!,
                Cluster = null!,
                Network = null!,
                Keys = null!,
                Zones = 3,
                Provider = new Kubernetes.Provider("kubernetes"),
                Ready = [],
            },
            Settings = Chosen.Value.Settings,
            Services = Chosen.Value.Services,
        });
    }

    /// <summary>What is off by default is on too.</summary>
    internal const string Everything =
        """{"logging":{"finance":{"producers":"test/producers"}},"databases":{"postgresql":{"namespaces":["payments","signing"]}},"payments":{"enabled":true,"signer":{"keys":"test/keys"}}}""";

    internal static readonly ServiceGroup Shop = new()
    {
        Name = "site-shop",
        Namespace = "site-shop",
        Workload = "shop",
        Pods = "shop-.*",
        Team = "platform",
        Objective = 0.999m,
        Requests = "shop_requests_total",
        Errors = "shop_errors_total",
        LatencySeconds = "shop_latency_seconds",
    };

    internal static async Task<IReadOnlyList<RecordedResource>> FromAsync(string settings, params ImmutableArray<ServiceGroup> services)
    {
        var (read, problems) = Configuration.Read(settings);
        Assert.Empty(problems);
        Chosen.Value = (read, services);
        var mocks = new ClusterMocks("r-1a", "r-1b", "r-1c");
        await Deployment.TestAsync<DashboardStack>(mocks, new TestOptions { ProjectName = "ha-cluster", StackName = "test", IsPreview = false });
        return mocks.Resources;
    }

    /// <summary>The dashboards of a stack with everything, by identifier, as Grafana gets them.</summary>
    internal static async Task<IReadOnlyDictionary<string, JsonObject>> AllAsync()
    {
        var resources = await FromAsync(Everything, Shop);
        return resources.Of("kubernetes:core/v1:ConfigMap").ToDictionary(
            map => map.Name["dashboard-".Length..],
            map => JsonNode.Parse((string)Assert.Single(map.Map("data")).Value)!.AsObject(),
            StringComparer.Ordinal);
    }
}
