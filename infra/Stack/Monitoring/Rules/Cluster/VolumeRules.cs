namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>Volumes filling. The chart's KubePersistentVolumeFillingUp looks four days ahead but only below 15 %; a chain node stops itself before 3 %.</summary>
internal static class VolumeRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "volumes",
        Records =
        [
            new RecordingRule
            {
                Series = "volume:available:ratio",
                Expression = """
                    min by (namespace, persistentvolumeclaim) (
                        kubelet_volume_stats_available_bytes / (kubelet_volume_stats_capacity_bytes > 0)
                    )
                    """,
            },
        ],
        Alerts =
        [
            new AlertRule
            {
                Name = "VolumeFillsWithinADay",
                Expression = "predict_linear(volume:available:ratio[6h], 86400) < 0 and volume:available:ratio < 0.4",
                For = "30m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} fills within a day",
                Description = "At the rate of the last 6 hours the volume of {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} is full "
                    + "within 24 hours. It can be grown while it is in use, once every 6 hours.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "VolumeNearlyFull",
                Expression = "volume:available:ratio < 0.1",
                For = "5m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is nearly full",
                Description = "{{ $value | humanizePercentage }} of the volume is left. geth stops itself before the volume is full, "
                    + "and databases stop accepting writes.",
                Dashboard = DashboardUid.Cluster,
            },
        ],
    };
}
