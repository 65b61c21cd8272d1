namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>Quotas of namespaces. The chart has these as info, which is not sent; a full quota stops the next release.</summary>
internal static class QuotaRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "quotas",
        Records =
        [
            new RecordingRule
            {
                Series = "namespace:quota_used:ratio",
                Expression = """
                    max by (namespace, resourcequota, resource) (kube_resourcequota{type="used"})
                      / on (namespace, resourcequota, resource)
                    (max by (namespace, resourcequota, resource) (kube_resourcequota{type="hard"}) > 0)
                    """,
            },
        ],
        Alerts =
        [
            new AlertRule
            {
                Name = "QuotaAlmostUsed",
                Expression = "namespace:quota_used:ratio > 0.85 and namespace:quota_used:ratio < 0.98",
                For = "15m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Namespace {{ $labels.namespace }} has little {{ $labels.resource }} left in its quota",
                Description = "{{ $value | humanizePercentage }} of {{ $labels.resource }} in quota {{ $labels.resourcequota }} is used. "
                    + "A rolling update needs quota for the pods that it adds.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "QuotaUsedUp",
                Expression = "namespace:quota_used:ratio >= 0.98",
                For = "15m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "Namespace {{ $labels.namespace }} has used up {{ $labels.resource }} of its quota",
                Description = "{{ $value | humanizePercentage }} of {{ $labels.resource }} in quota {{ $labels.resourcequota }} is used: "
                    + "new pods are refused, so releases and autoscaling are blocked.",
                Dashboard = DashboardUid.Cluster,
            },
        ],
    };
}
