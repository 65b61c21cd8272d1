namespace HaCluster.Stack.Settings.Backups;

/// <summary>When a backup is made, and for how long it is kept.</summary>
public sealed record BackupSchedule
{
    /// <summary>Five fields of cron, in UTC.</summary>
    public required string Cron { get; init; }

    public required int RetentionDays { get; init; }

    /// <summary>The retention as Velero takes it.</summary>
    public string TimeToLive => $"{RetentionDays * 24}h0m0s";

    public static BackupSchedule Read(SettingsReader reader, string cron, int retentionDays)
    {
        const int MostDays = 3650;
        var schedule = new BackupSchedule
        {
            Cron = reader.Text("schedule", cron),
            RetentionDays = reader.Int32("retentionDays", retentionDays, 1, MostDays),
        };
        if (CronExpression.FaultOf(schedule.Cron) is { } fault)
            reader.Problems.Add(reader.PathOf("schedule"), $"\"{schedule.Cron}\"", $"{fault}; write five fields such as {cron} (minute, hour, day, month, weekday, in UTC)");
        reader.Close();
        return schedule;
    }
}
