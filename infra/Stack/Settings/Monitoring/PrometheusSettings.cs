namespace HaCluster.Stack.Settings.Monitoring;

/// <summary>How much is measured and kept (<c>ha-cluster:monitoring.prometheus</c>); every replica has all of it.</summary>
public sealed record PrometheusSettings
{
    private const int MaxDays = 3653;

    // The size limit does not count the write-ahead log and a running compaction:
    // https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects
    private const decimal UsualShare = 0.8m;
    private const decimal MaxShare = 0.9m;
    private const decimal MebiByte = 1024 * 1024;

    private static readonly Quantity SmallestVolume = Quantity.Parse("5Gi");
    private static readonly Quantity SmallestMemory = Quantity.Parse("1Gi");

    public required int RetentionDays { get; init; }

    /// <summary>Volume of one replica, in bytes.</summary>
    public required Quantity Volume { get; init; }

    /// <summary>Size in MiB above which the oldest metrics are deleted.</summary>
    public required int RetentionMebiBytes { get; init; }

    /// <summary>Memory of one replica, in bytes.</summary>
    public required Quantity Memory { get; init; }

    public required int ScrapeSeconds { get; init; }

    public static PrometheusSettings Read(SettingsReader reader)
    {
        var volume = reader.Bytes("volume", "Volume of each replica.", Quantity.Parse("100Gi"));
        if (volume < SmallestVolume)
            reader.Problems.Add(reader.PathOf("volume"), volume, $"a small cluster writes one or two gigabytes of metrics per day: set {SmallestVolume} or more");

        var memory = reader.Bytes("memory", "Memory of each replica.", Quantity.Parse("4Gi"));
        if (memory < SmallestMemory)
            reader.Problems.Add(reader.PathOf("memory"), memory, $"Prometheus keeps the last two hours in memory: set {SmallestMemory} or more");

        var settings = new PrometheusSettings
        {
            RetentionDays = reader.Int32("retentionDays", "Days that metrics are kept; retentionSize may delete them earlier.", 15, 1, MaxDays),
            Volume = volume,
            RetentionMebiBytes = ReadRetentionSize(reader, volume),
            Memory = memory,
            ScrapeSeconds = reader.Int32(
                "scrapeSeconds",
                "Seconds between two scrapes.",
                30, 10, 120, "choose 10 to 120 seconds: shorter intervals cost much and show little, longer ones leave gaps in rates over minutes"),
        };
        reader.Close();
        return settings;
    }

    private static int ReadRetentionSize(SettingsReader reader, Quantity volume)
    {
        var usual = (int)Math.Min(volume.Value * UsualShare / MebiByte, int.MaxValue);
        var size = reader.Bytes(
            "retentionSize",
            "Size of all metrics above which the oldest are deleted. Default: 80 % of volume.",
            Quantity.Parse($"{usual}Mi"));
        if (size.Value > 0 && size.Value <= volume.Value * MaxShare)
            return (int)(size.Value / MebiByte);

        reader.Problems.Add(
            reader.PathOf("retentionSize"),
            size,
            $"{reader.PathOf("volume")} is {volume}, and a tenth of the volume must stay free for writes in progress: remove the setting to keep {usual}Mi");
        return usual;
    }
}
