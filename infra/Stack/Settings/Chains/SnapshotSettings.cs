using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings.Chains;

/// <summary>Snapshots of the volumes of chain nodes (<c>ha-cluster:chains.snapshots</c>).</summary>
public sealed partial record SnapshotSettings
{
    /// <summary>When, as five fields of cron, in UTC.</summary>
    public required string Schedule { get; init; }

    /// <summary>How many of each volume are kept; older ones are deleted, in AWS too.</summary>
    public required int Keep { get; init; }

    public static SnapshotSettings Read(SettingsReader reader)
    {
        var settings = new SnapshotSettings
        {
            Schedule = reader.Text("schedule", "30 */12 * * *"),
            Keep = reader.Int32("keep", 4, 1, 100, "one snapshot must be left while the next is made, and AWS keeps 100 of a volume comfortably: choose a number from 1 to 100"),
        };
        if (!CronShape().IsMatch(settings.Schedule))
            reader.Problems.Add(reader.PathOf("schedule"), $"\"{settings.Schedule}\"", "five fields of cron are expected here: minute, hour, day, month, weekday, as in \"30 */12 * * *\"");
        reader.Close();
        return settings;
    }

    [GeneratedRegex(@"^[0-9*,/-]+ [0-9*,/-]+ [0-9*,/-]+ [0-9*,/A-Za-z-]+ [0-9*,/A-Za-z-]+$")]
    private static partial Regex CronShape();
}
