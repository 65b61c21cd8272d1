namespace HaCluster.Stack.Settings.Chains;

/// <summary>Snapshots of the volumes of chain nodes (<c>ha-cluster:chains.snapshots</c>).</summary>
public sealed record SnapshotSettings
{
    /// <summary>When, as five fields of cron, in UTC.</summary>
    public required string Schedule { get; init; }

    /// <summary>How many of each volume are kept; older ones are deleted, in AWS too.</summary>
    public required int Keep { get; init; }

    public static SnapshotSettings Read(SettingsReader reader)
    {
        var settings = new SnapshotSettings
        {
            Schedule = reader.Text(
                "schedule",
                "When snapshots are taken: a cron expression with five fields (minute, hour, day, month, weekday), in UTC.",
                "30 */12 * * *", Shapes.Cron),
            Keep = reader.Int32(
                "keep",
                "Number of snapshots to keep for each volume; older ones are deleted, also in AWS.",
                4,
                1,
                100,
                "one snapshot must exist while the next is taken, and more than 100 per volume only cost money: choose a number from 1 to 100"),
        };
        reader.Close();
        return settings;
    }
}
