using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Monitoring;

namespace HaCluster.Stack.Monitoring;

/// <summary>Resource requests of the containers of monitoring.</summary>
public static class MonitoringSizes
{
    public static readonly ContainerSize Alertmanager = new("50m", "400m", "256Mi", "256Mi");
    public static readonly ContainerSize Operator = new("100m", "400m", "256Mi", "256Mi");

    /// <summary>Init containers, certificate jobs and reloaders: they do little, and seldom.</summary>
    public static readonly ContainerSize Small = new("20m", "200m", "64Mi", "128Mi");

    public static readonly ContainerSize Grafana = new("100m", "1", "512Mi", "1Gi");
    public static readonly ContainerSize GrafanaSidecar = new("50m", "200m", "192Mi", "256Mi");
    public static readonly ContainerSize KubeStateMetrics = new("100m", "500m", "512Mi", "128Mi");
    public static readonly ContainerSize NodeExporter = new("50m", "250m", "64Mi", "64Mi");
    public static readonly ContainerSize Blackbox = new("50m", "300m", "128Mi", "128Mi");
    public static readonly ContainerSize CloudWatch = new("50m", "300m", "256Mi", "128Mi");
    public static readonly ContainerSize EphemeralStorage = new("50m", "300m", "256Mi", "128Mi");
    public static readonly ContainerSize Events = new("50m", "200m", "128Mi", "256Mi");

    public static ContainerSize Prometheus(PrometheusSettings settings) => new("500m", "2", settings.Memory.ToString(), "1Gi");
}
