using System.Globalization;

namespace HaCluster.Benchmarks;

/// <summary>
/// Watches the one child process of this process and remembers the highest resident memory it ever had (<c>VmHWM</c>, which the kernel
/// keeps, so that nothing between two looks is missed but what happens in the last milliseconds of the process).
/// </summary>
internal sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(3);

    private readonly CancellationTokenSource _done = new();
    private readonly Thread _watcher;
    private long _peakBytes;

    public PeakMemory()
    {
        _watcher = new Thread(Watch) { IsBackground = true };
        _watcher.Start();
    }

    public long Bytes => Interlocked.Read(ref _peakBytes);

    public void Dispose()
    {
        _done.Cancel();
        _watcher.Join();
        _done.Dispose();
    }

    private void Watch()
    {
        string? child = null;
        do
        {
            child ??= FindChild();
            if (child is not null && ReadPeak(child) is { } bytes)
                Interlocked.Exchange(ref _peakBytes, Math.Max(bytes, Bytes));
        } while (!_done.Token.WaitHandle.WaitOne(Interval));
    }

    private static string? FindChild()
    {
        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return Directory.EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            .FirstOrDefault(folder => Read(Path.Combine(folder, "stat")) is { } stat && ParentOf(stat) == self);
    }

    /// <summary>The fourth field; the second is the name in parentheses, which may hold anything.</summary>
    private static string ParentOf(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];

    private static long? ReadPeak(string child)
    {
        // Between fork and exec the child still is a copy of this process.
        if (Read(Path.Combine(child, "cmdline")) == OwnCommandLine)
            return null;
        var line = Read(Path.Combine(child, "status"))?.Split('\n').FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? null : long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }

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
