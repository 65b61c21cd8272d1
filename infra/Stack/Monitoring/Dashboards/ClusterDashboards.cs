using System.Collections.Immutable;
using HaCluster.Stack.Monitoring.Dashboards.Catalog;
using HaCluster.Stack.Monitoring.Dashboards.Model;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Monitoring.Dashboards;

/// <summary>Input of <see cref="ClusterDashboards"/>.</summary>
public sealed record ClusterDashboardsArgs
{
    public required Foundation Foundation { get; init; }

    /// <summary>All settings: parts that are switched off get no dashboard.</summary>
    public required StackSettings Settings { get; init; }

    /// <summary>What has an objective.</summary>
    public required ImmutableArray<ServiceGroup> Services { get; init; }
}

/// <summary>
/// Grafana's dashboards. Each is a ConfigMap with the label <c>grafana_dashboard</c>, which the sidecar of Grafana in kube-prometheus-stack
/// looks for, so that a change arrives without a restart.
/// </summary>
public sealed class ClusterDashboards : ComponentResource
{
    public const string TypeToken = "ha-cluster:monitoring:Dashboards";

    public ClusterDashboards(string name, ClusterDashboardsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        foreach (var dashboard in DashboardCatalog.For(args.Settings, args.Services))
            Declare(dashboard, args.Foundation);
        RegisterOutputs();
    }

    private void Declare(Dashboard dashboard, Foundation foundation)
    {
        var name = $"dashboard-{dashboard.Uid}";
        _ = new Kubernetes.Core.V1.ConfigMap(
            name,
            new ConfigMapArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = name,
                    Namespace = ClusterNamespaces.Monitoring,
                    Labels = { { "grafana_dashboard", "1" } },
                },
                Data = { { $"{dashboard.Uid}.json", DashboardJson.Of(dashboard) } },
            },
            new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = foundation.Ready });
    }
}
