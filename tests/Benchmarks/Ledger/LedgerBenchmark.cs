using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using HaCluster.Benchmarks.Sentinel;

namespace HaCluster.Benchmarks.Ledger;

/// <summary>
/// Records acknowledged durably by the ledger with its embedded default, beside a loop that writes the same bytes to a file on the same disk and flushes it as
/// often as the ledger stores a segment, and beside rsyslog that flushes its file; then `ledger verify` of what was stored. Before that, as many at the rate that the
/// ledger promises, when its memory is measured.
/// </summary>
internal sealed record LedgerBenchmark(
    int Records, double PerSecond, double Seconds, double Cpu, double Megabytes, double P50, double P99, int Segments, double BaselinePerSecond, double? RsyslogPerSecond, double VerifySeconds, double PromisedMegabytes)
{
    private const int Total = 1_000_000;
    private const int WarmUp = 20_000;
    private const int PromisedPerSecond = 20_000;

    /// <summary>Null when it can be held.</summary>
    public static string? Missing => OperatingSystem.IsLinux() ? null : "Linux, since it reads /proc";

    public static async Task<LedgerBenchmark> HoldAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ha-ledger-");
        try
        {
            var address = $"127.0.0.1:{Waiting.FreePort()}";
            var url = new Uri($"http://{address}/");
            var latencies = new ConcurrentBag<double>();
            double seconds, cpu, megabytes, promised;
            using (var ledger = await WebProcess.StartAsync("dotnet", [LedgerLoad.Assembly, $"--listen={address}", $"--data={Path.Combine(directory.FullName, "promised")}"], new Uri(url, "ready")))
            {
                await LedgerLoad.SendAsync(url, 0, Total, [], PromisedPerSecond);
                promised = ledger.Megabytes;
            }

            using (var ledger = await WebProcess.StartAsync("dotnet", [LedgerLoad.Assembly, $"--listen={address}", $"--data={Path.Combine(directory.FullName, "fast")}"], new Uri(url, "ready")))
            {
                await LedgerLoad.SendAsync(url, 0, WarmUp, []);
                var (before, clock) = (ledger.CpuSeconds, Stopwatch.StartNew());
                await LedgerLoad.SendAsync(url, WarmUp, Total, latencies);
                (seconds, cpu, megabytes) = (clock.Elapsed.TotalSeconds, ledger.CpuSeconds - before, ledger.Megabytes);
            }

            var archive = Path.Combine(directory.FullName, "fast", "archive");
            var segments = Directory.GetFiles(Path.Combine(archive, "segments", "payments"));
            var baseline = WriteAndFlush(Path.Combine(directory.FullName, "baseline"), segments);
            var rsyslog = await RsyslogBaseline.MeasureAsync(directory.FullName, LedgerLoad.RecordSize, LedgerLoad.Connections);
            var verified = await VerifyAsync(archive);
            var sorted = latencies.Order().ToArray();
            return new LedgerBenchmark(
                Total - WarmUp, (Total - WarmUp) / seconds, seconds, cpu, megabytes, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100], segments.Length, baseline, rsyslog, verified, promised);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public string ToTable()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"{Records} records of {LedgerLoad.RecordSize} bytes, {LedgerLoad.PerRequest} per request, {LedgerLoad.Connections} connections, {Segments} segments");
        Line($"  acknowledged per second            {PerSecond,10:0}");
        Line($"  write and flush alone, per second  {BaselinePerSecond,10:0}   ratio {PerSecond / BaselinePerSecond:0.00}");
        if (RsyslogPerSecond is { } rsyslog)
            Line($"  rsyslog to a file with sync, per s  {rsyslog,9:0}   ratio {PerSecond / rsyslog:0.00}");
        else
            Line($"  rsyslog was not measured: rsyslogd is not on the PATH");
        Line($"  processor time of the ledger, s    {Cpu,10:0.0}   of {Seconds:0.0} s");
        Line($"  median of a request, ms            {1000 * P50,10:0}");
        Line($"  resident at most, MB               {Megabytes,10:0}");
        Target[] targets =
        [
            new("microseconds per record acknowledged", 1e6 / PerSecond, 50),
            new("99th percentile of a request in ms", 1000 * P99, 250),
            new($"resident at most at {PromisedPerSecond} per second, in MB", PromisedMegabytes, 200),
            new($"verify of {Total} records in s", VerifySeconds, 10),
        ];
        foreach (var target in targets)
            Line($"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.0}, target {target.Limit:0}");
        return text.ToString();
    }

    /// <returns>Records per second.</returns>
    private static double WriteAndFlush(string path, string[] segments)
    {
        var total = segments.Sum(segment => new FileInfo(segment).Length);
        var chunk = new byte[total / segments.Length];
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var clock = Stopwatch.StartNew();
        for (long at = 0, count = 0; count < segments.Length; count++, at += chunk.Length)
        {
            RandomAccess.Write(file, chunk, at);
            RandomAccess.FlushToDisk(file);
        }

        return Total / clock.Elapsed.TotalSeconds;
    }

    /// <returns>Seconds.</returns>
    private static async Task<double> VerifyAsync(string archive)
    {
        var clock = Stopwatch.StartNew();
        var ended = await Programs.RunAsync("dotnet", [LedgerLoad.Assembly, "verify", archive]);
        return ended.Succeeded && ended.Output.Contains($"intact, {Total} records", StringComparison.Ordinal)
            ? clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"verify: {ended.Text}");
    }
}
