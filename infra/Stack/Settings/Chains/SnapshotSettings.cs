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
                "When snapshots are made: five fields of cron (minute, hour, day, month, weekday), in UTC.",
                "30 */12 * * *", Shapes.Cron),
            Keep = reader.Int32(
                "keep",
                "Snapshots that are kept of each volume; older ones are deleted, in AWS too.",
                4,
                1,
                100,
                "one snapshot must be left while the next is made, and AWS keeps 100 of a volume comfortably: choose a number from 1 to 100"),
        };
        reader.Close();
        return settings;
    }
}
