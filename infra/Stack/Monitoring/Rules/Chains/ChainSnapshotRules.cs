namespace HaCluster.Stack.Monitoring.Rules.Chains;

/// <summary>Snapshots of chain data: without a recent one a new replica takes days instead of hours.</summary>
internal static class ChainSnapshotRules
{
    // The newest of a set of replicas counts: one of them is enough to start another from. While it is being taken its time is 0.
    private const string Newest = """
        max by (namespace, set) (
            label_replace(kube_volumesnapshot_creation_time_seconds{namespace="chains"} > 0, "set", "$1", "claim", "(.+)-[0-9]+")
        )
        """;

    public static RuleGroup Group { get; } = new()
    {
        Name = "chain-snapshots",
        Records = [new RecordingRule { Series = "chain:snapshot_newest:timestamp_seconds", Expression = Newest }],
        Alerts =
        [
            ChainAlert.Of(
                "ChainSnapshotOld",
                "time() - chain:snapshot_newest:timestamp_seconds > 172800",
                "0m",
                AlertSeverity.Warning,
                "The newest snapshot of {{ $labels.set }} is old",
                "It is {{ $value | humanizeDuration }} old. A replica restored from it must catch up with that much."),
            ChainAlert.Of(
                "ChainSnapshotMissing",
                """
                group by (namespace, set) (
                    label_replace(kube_persistentvolumeclaim_info{namespace="chains",storageclass="chain-data"}, "set", "$1", "persistentvolumeclaim", "(.+)-[0-9]+")
                )
                  unless on (namespace, set) chain:snapshot_newest:timestamp_seconds
                """,
                "2d",
                AlertSeverity.Warning,
                "There is no snapshot of {{ $labels.set }}",
                "Its volumes are older than two days and have no snapshot: a lost replica would have to sync from the start."),
        ],
    };
}
