namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>Dashboards that alerts link to, by the identifier they have in Grafana.</summary>
public static class DashboardUid
{
    public const string Cluster = "ha-cluster";
    public const string Services = "ha-services";
    public const string Chains = "ha-chains";
    public const string Databases = "ha-databases";
    public const string Logs = "ha-logs";
}
