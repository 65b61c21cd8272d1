using System.Globalization;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Monitoring;

/// <summary>Names in the cluster that one part of monitoring has and others call.</summary>
public static class MonitoringNames
{
    /// <summary>Release of kube-prometheus-stack; the names of its objects begin with it.</summary>
    public const string Stack = "monitoring";

    public const string AlertmanagerAccount = "alertmanager";

    /// <summary>Label <c>app.kubernetes.io/instance</c> that the operator puts on pods of Prometheus.</summary>
    public const string Prometheus = $"{Stack}-prometheus";

    /// <summary>Label <c>app.kubernetes.io/instance</c> that the operator puts on pods of Alertmanager.</summary>
    public const string Alertmanager = $"{Stack}-alertmanager";

    public const string Blackbox = "blackbox";

    public const string GrafanaLogin = "grafana-login";

    public const string SlackSecret = "slack";

    /// <summary>Host name of one Alertmanager: each must get every alert, because they share only notifications and silences.</summary>
    public static string AlertmanagerHost(int ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"alertmanager-{Alertmanager}-{ordinal}.alertmanager-operated.{ClusterNamespaces.Monitoring}.svc");
}
