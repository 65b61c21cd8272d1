namespace HaCluster.Stack.Settings.Logging;

/// <summary>One kind of log in OpenSearch (<c>ha-cluster:logging.NAME</c>).</summary>
/// <param name="Days">How long its records can be searched.</param>
/// <param name="PerDay">Volume of records per day before compression and copies, in bytes; the disks are sized from it.</param>
public sealed record IndexSettings(int Days, Quantity PerDay)
{
    /// <summary>Longest month.</summary>
    public const int DaysOfMonth = 31;

    /// <summary>A hundred years: the longest time in S3 and CloudWatch.</summary>
    public const int MaxDays = 36_500;

    /// <summary>Bytes of all days.</summary>
    public decimal Total => Days * PerDay.Value;

    /// <summary>Most indices that exist at once: one per period, including the one being deleted and the one being created.</summary>
    /// <param name="period">Days that one index holds.</param>
    public int Indices(int period) => (Days + period - 1) / period + 2;

    public static IndexSettings Read(SettingsReader reader, int days, string perDay)
    {
        var settings = new IndexSettings(reader.Int32(
            "days",
            "Days that the records can be searched.",
            days,
            1,
            MaxDays), reader.Bytes("perDay", "Volume of records per day, before compression and copies. The disks must hold that much for all days.", Quantity.Parse(perDay)));
        if (settings.PerDay.Value <= 0)
            reader.Problems.Add(reader.PathOf("perDay"), settings.PerDay, "disks are sized from it: set the volume of records of one day, such as 500Mi");
        return settings;
    }
}
