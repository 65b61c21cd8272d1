using HaCluster.Stack.Alarms;
using HaCluster.Stack.Monitoring.Dashboards;
using HaCluster.Stack.Monitoring.Events;
using HaCluster.Stack.Monitoring.Metrics;
using HaCluster.Stack.Monitoring.Probes;
using HaCluster.Stack.Monitoring.Rules;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Services;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Monitoring;
using Pulumi;

namespace HaCluster.Stack.Monitoring;

/// <summary>Input of <see cref="ClusterMonitoring"/>.</summary>
public sealed record ClusterMonitoringArgs
{
    public required MonitoringSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    public required AlarmTopics Alarms { get; init; }

    /// <summary>All settings: what is declared decides what is watched.</summary>
    public required StackSettings Stack { get; init; }
}

/// <summary>Metrics, dashboards, alerts to Slack.</summary>
public sealed class ClusterMonitoring : ComponentResource
{
    public const string TypeToken = "ha-cluster:monitoring:Monitoring";

    public ClusterMonitoring(string name, ClusterMonitoringArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var child = new ComponentResourceOptions { Parent = this };
        var prometheus = new PrometheusStack(
            "prometheus",
            new PrometheusStackArgs { Settings = args.Settings, Foundation = args.Foundation, Platform = args.Platform, Alarms = args.Alarms },
            child);
        _ = new HttpProbes(
            "probes",
            new HttpProbesArgs { Foundation = args.Foundation, Platform = args.Platform, Sites = args.Stack.Sites.All, Addresses = args.Settings.Probes },
            child);
        _ = new EventExporter("events", args.Foundation, prometheus.Release, child);
        _ = new CloudWatchExporter("cloudwatch", args.Foundation, args.Platform, child);
        EphemeralStorageExporter.Declare(args.Foundation, args.Platform, this);
        _ = new AlertRules(
            "rules", new AlertRulesArgs { Foundation = args.Foundation, Platform = args.Platform, Settings = args.Stack }, child);
        _ = new ClusterDashboards(
            "dashboards",
            new ClusterDashboardsArgs { Foundation = args.Foundation, Settings = args.Stack, Services = ServiceGroups.Of(args.Stack) },
            child);
        RegisterOutputs();
    }
}
