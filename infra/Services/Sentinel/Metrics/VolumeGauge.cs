namespace HaCluster.Sentinel.Metrics;

/// <param name="Size">Bytes.</param>
/// <param name="DaysUntilFull">Null before an hour has been watched, and while the volume does not grow.</param>
internal sealed record VolumeUse(long Size, long Free, double? DaysUntilFull);

/// <summary>Measures the volume that a directory is on, and how fast it fills: by what was written within a day.</summary>
internal sealed class VolumeGauge(string directory, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);
    private static readonly TimeSpan Least = TimeSpan.FromHours(1);
    private static readonly TimeSpan Spacing = TimeSpan.FromMinutes(10);

    private readonly Queue<(long At, long Used)> _samples = new();
    private long _newest;

    /// <summary>Null when the directory is gone.</summary>
    public VolumeUse? Read()
    {
        try
        {
            var drive = new DriveInfo(directory);
            return Note(drive.TotalSize, drive.AvailableFreeSpace);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    public VolumeUse Note(long size, long free)
    {
        var (now, used) = (clock.GetTimestamp(), size - free);
        if (_samples.Count == 0 || clock.GetElapsedTime(_newest, now) >= Spacing)
        {
            _samples.Enqueue((now, used));
            _newest = now;
        }

        while (_samples.Count > 1 && clock.GetElapsedTime(_samples.Peek().At, now) > Window)
            _samples.Dequeue();
        var (since, before) = _samples.Peek();
        var watched = clock.GetElapsedTime(since, now);
        return new VolumeUse(size, free, watched >= Least && used > before ? free / ((used - before) / watched.TotalDays) : null);
    }
}
