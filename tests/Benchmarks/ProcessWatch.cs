using System.Globalization;

namespace HaCluster.Benchmarks;

/// <summary>
/// Watches a process and remembers the highest resident memory it ever had (<c>VmHWM</c>, which the kernel keeps, so that nothing between two looks is missed
/// but what happens in the last milliseconds of the process) and the processor time of it and of the children that it waited for, which, unlike the time
/// that passes, hardly depends on what else the machine does.
/// </summary>
internal sealed class ProcessWatch : IDisposable
{
    /// <summary>Linux counts processor time in hundredths for whoever asks (USER_HZ, https://man7.org/linux/man-pages/man7/time.7.html).</summary>
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(3);

    private readonly CancellationTokenSource _done = new();
    private readonly Thread _watcher;
    private long _peakBytes;
    private long _ticks;

    /// <param name="process">Its id; null for the one child of this process, which somebody else starts.</param>
    public ProcessWatch(int? process = null)
    {
        _watcher = new Thread(() => Watch(process is { } id ? $"/proc/{id}" : null)) { IsBackground = true };
        _watcher.Start();
    }

    public double Megabytes => Interlocked.Read(ref _peakBytes) / 1e6;

    public double ProcessorSeconds => Interlocked.Read(ref _ticks) / TicksPerSecond;

    public void Dispose()
    {
        _done.Cancel();
        _watcher.Join();
        _done.Dispose();
    }

    private void Watch(string? process)
    {
        do
        {
            process ??= FindChild();
            if (process is null)
                continue;
            if (ReadPeak(process) is { } bytes)
                Interlocked.Exchange(ref _peakBytes, Math.Max(bytes, _peakBytes));
            if (ReadTicks(process) is { } ticks)
                Interlocked.Exchange(ref _ticks, Math.Max(ticks, _ticks));
        } while (!_done.Token.WaitHandle.WaitOne(Interval));
    }

    private static string? FindChild()
    {
        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return Directory.EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            .FirstOrDefault(folder => Stat(folder) is { } stat && stat[1] == self);
    }

    /// <summary>The fields of <c>stat</c> from the third on; the second is the name in parentheses, which may hold anything.</summary>
    private static string[]? Stat(string process) => Read(Path.Combine(process, "stat")) is { } stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : null;

    private static long? ReadPeak(string process)
    {
        // Between fork and exec the child still is a copy of this process.
        if (Read(Path.Combine(process, "cmdline")) == OwnCommandLine)
            return null;
        var line = Read(Path.Combine(process, "status"))?.Split('\n').FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? null : long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>utime, stime, cutime and cstime (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).</summary>
    private static long? ReadTicks(string process) => Stat(process)?[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));

    private static string? OwnCommandLine { get; } = Read("/proc/self/cmdline");

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
