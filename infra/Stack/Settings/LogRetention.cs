namespace HaCluster.Stack.Settings;

/// <summary>Days that CloudWatch keeps a log (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html).</summary>
public static class LogRetention
{
    private static readonly int[] Allowed =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    public static int Read(SettingsReader reader, string name, string about, int fallback)
    {
        var days = reader.Int32(name, about, fallback, 1, Allowed[^1], allowed: Allowed);
        if (Allowed.Contains(days))
            return days;

        reader.Problems.Add(
            reader.PathOf(name), days, $"CloudWatch supports {string.Join(", ", Allowed)} days: choose {Allowed.First(allowed => allowed > days)}");
        return fallback;
    }
}
