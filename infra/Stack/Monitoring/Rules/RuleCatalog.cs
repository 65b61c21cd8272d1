using System.Collections.Immutable;
using HaCluster.Stack.Monitoring.Rules.Chains;
using HaCluster.Stack.Monitoring.Rules.Cluster;
using HaCluster.Stack.Monitoring.Rules.Data;
using HaCluster.Stack.Monitoring.Rules.Services;
using HaCluster.Stack.Services;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>
/// All rules of a stack. What a stack does not run has no rules: an alert on an exporter that was never installed would fire forever, or
/// never. They add to the rules of the Prometheus chart (kubernetes-mixin); no name is used twice.
/// </summary>
public static class RuleCatalog
{
    /// <summary>The rules for what these settings declare, in order of subject.</summary>
    public static ImmutableArray<RuleGroup> For(StackSettings settings) => For(settings, ServiceGroups.Of(settings));

    /// <summary>The same with other services than the settings declare.</summary>
    /// <param name="services">What has an objective.</param>
    public static ImmutableArray<RuleGroup> For(StackSettings settings, ImmutableArray<ServiceGroup> services)
    {
        var groups = new List<RuleGroup>
        {
            CostRules.Group,
            ZoneRules.For(settings.Zones),
            NodeRules.Group,
            WorkloadRules.Group,
            MemoryRules.Group,
            VolumeRules.Group,
            QuotaRules.Group,
            EphemeralStorageRules.Group,
            CertificateRules.Group,
            NatRules.Group,
            AlertDeliveryRules.For(settings),
        };
        if (settings.Edge.IsEnabled)
        {
            groups.Add(SiteRules.Group);
            groups.Add(LoadBalancerRules.Group);
        }

        if (settings.Databases.IsEnabled)
            groups.Add(DatabaseRules.Group);
        if (settings.Logging.IsEnabled)
        {
            groups.Add(SearchRules.Group);
            groups.Add(LogShippingRules.Group);
            if (settings.RunsFinanceLog)
                groups.Add(FinanceLogRules.Group);
        }

        if (settings.Chains.IsEnabled)
        {
            groups.Add(ChainRules.Group);
            groups.Add(BitcoinRules.Group);
            groups.Add(EthereumRules.Group);
            groups.Add(ChainSnapshotRules.Group);
        }

        if (settings.Payments.IsEnabled)
            groups.Add(PaymentsRules.Group);
        if (settings.Backups.IsEnabled)
            groups.Add(BackupRules.Group);
        if (!services.IsEmpty)
            groups.Add(ServiceRules.For(services));
        return [.. groups.OrderBy(group => group.Name, StringComparer.Ordinal)];
    }
}

/// <summary>Rules about one subject. Prometheus evaluates a group in order, so what is recorded is there for the alerts after it.</summary>
public sealed record RuleGroup
{
    /// <summary>The subject, such as <c>zones</c>: name of the group and of the object that carries it.</summary>
    public required string Name { get; init; }

    public ImmutableArray<RecordingRule> Records { get; init; } = [];

    public ImmutableArray<AlertRule> Alerts { get; init; } = [];
}
