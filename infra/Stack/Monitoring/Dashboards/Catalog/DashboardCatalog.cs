using System.Collections.Immutable;
using HaCluster.Stack.Monitoring.Dashboards.Model;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Monitoring.Dashboards.Catalog;

/// <summary>Which dashboards a stack gets.</summary>
public static class DashboardCatalog
{
    /// <summary>Those of the parts that are switched on.</summary>
    /// <param name="services">What has an objective; without any there is nothing to show of services.</param>
    public static IEnumerable<Dashboard> For(StackSettings settings, ImmutableArray<ServiceGroup> services)
    {
        yield return ClusterDashboard.Of();
        if (!services.IsEmpty)
            yield return ServicesDashboard.Of(services);
        if (settings.Chains.IsEnabled)
            yield return ChainsDashboard.Of();
        if (settings.Databases.IsEnabled)
            yield return DatabasesDashboard.Of();
        if (settings.Logging.IsEnabled)
            yield return LogsDashboard.Of();
        if (settings.RunsFinanceLog)
            yield return FinanceLogDashboard.Of();
        if (settings.Payments.IsEnabled)
            yield return PaymentsDashboard.Of();
    }
}
