namespace HaCluster.Stack.Settings.Backups;

/// <summary>When a backup is made, and for how long it is kept.</summary>
public sealed record BackupSchedule
{
    /// <summary>Five fields of cron, in UTC.</summary>
    public required string Cron { get; init; }

    public required int RetentionDays { get; init; }

    /// <summary>The retention in the format of Velero.</summary>
    public string TimeToLive => $"{RetentionDays * 24}h0m0s";

    public static BackupSchedule Read(SettingsReader reader, string cron, int retentionDays)
    {
        const int MaxDays = 3650;
        var schedule = new BackupSchedule
        {
            Cron = reader.Text(
                "schedule",
                "When a backup is taken: a cron expression with five fields (minute, hour, day, month, weekday), in UTC.",
                cron, Shapes.Cron),
            RetentionDays = reader.Int32("retentionDays", "Days until a backup is deleted.", retentionDays, 1, MaxDays),
        };
        reader.Close();
        return schedule;
    }
}
