using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using HaCluster.Benchmarks.Sentinel;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Ledger;

/// <summary>
/// Records acknowledged durably by the ledger with its embedded default, beside a loop that writes the same bytes to a file on the same disk and flushes it as
/// often as the ledger stores a segment, and beside rsyslog that flushes its file; then `ledger verify` of what was stored.
/// </summary>
internal sealed record LedgerBenchmark(
    int Records, double PerSecond, double Seconds, double Cpu, double Megabytes, double P50, double P99, int Segments, double BaselinePerSecond, double? RsyslogPerSecond, double VerifySeconds)
{
    private const int RecordSize = 500;
    private const int PerRequest = 500;
    private const int Connections = 8;
    private const int Total = 1_000_000;
    private const int WarmUp = 20_000;

    /// <summary>Null when it can be held.</summary>
    public static string? Missing => OperatingSystem.IsLinux() ? null : "Linux, since it reads /proc";

    public static async Task<LedgerBenchmark> HoldAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ha-ledger-");
        try
        {
            var address = $"127.0.0.1:{FreePort()}";
            var url = new Uri($"http://{address}/");
            var latencies = new ConcurrentBag<double>();
            double seconds, cpu, megabytes;
            using (var ledger = await WebProcess.StartAsync("dotnet", [Assembly, $"--listen={address}", $"--data={directory.FullName}"], new Uri(url, "ready")))
            {
                await SendAsync(url, 0, WarmUp, []);
                var (before, clock) = (ledger.CpuSeconds, Stopwatch.StartNew());
                await SendAsync(url, WarmUp, Total, latencies);
                (seconds, cpu, megabytes) = (clock.Elapsed.TotalSeconds, ledger.CpuSeconds - before, ledger.Megabytes);
            }

            var archive = Path.Combine(directory.FullName, "archive");
            var segments = Directory.GetFiles(Path.Combine(archive, "segments", "payments"));
            var baseline = WriteAndFlush(Path.Combine(directory.FullName, "baseline"), segments);
            var rsyslog = await RsyslogBaseline.MeasureAsync(directory.FullName, RecordSize, Connections);
            var verified = Verify(archive);
            var sorted = latencies.Order().ToArray();
            return new LedgerBenchmark(
                Total - WarmUp, (Total - WarmUp) / seconds, seconds, cpu, megabytes, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100], segments.Length, baseline, rsyslog, verified);
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
        Line($"{Records} records of {RecordSize} bytes, {PerRequest} per request, {Connections} connections, {Segments} segments");
        Line($"  acknowledged per second            {PerSecond,10:0}");
        Line($"  write and flush alone, per second  {BaselinePerSecond,10:0}   ratio {PerSecond / BaselinePerSecond:0.00}");
        if (RsyslogPerSecond is { } rsyslog)
            Line($"  rsyslog to a file with sync, per s  {rsyslog,9:0}   ratio {PerSecond / rsyslog:0.00}");
        else
            Line($"  rsyslog was not measured: rsyslogd is not on the PATH");
        Line($"  processor time of the ledger, s    {Cpu,10:0.0}   of {Seconds:0.0} s");
        Line($"  median of a request, ms            {1000 * P50,10:0}");
        Target[] targets =
        [
            new("microseconds per record acknowledged", 1e6 / PerSecond, 50),
            new("99th percentile of a request in ms", 1000 * P99, 250),
            new("resident at most, in MB", Megabytes, 200),
            new($"verify of {Total} records in s", VerifySeconds, 10),
        ];
        foreach (var target in targets)
            Line($"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.0}, target {target.Limit:0}");
        return text.ToString();
    }

    private static string Assembly =>
        Path.Combine(Checkout.Root, "infra", "Services", "Ledger", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "ledger.dll");

    private static async Task SendAsync(Uri url, int from, int to, ConcurrentBag<double> latencies)
    {
        var next = from / PerRequest;
        using var http = new HttpClient();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) - 1 is var batch && batch * PerRequest < to)
            {
                using var content = new ByteArrayContent(Batch(batch));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
                var clock = Stopwatch.GetTimestamp();
                using var answer = await http.PostAsync(new Uri(url, "v1/records?stream=payments"), content);
                answer.EnsureSuccessStatusCode();
                latencies.Add(Stopwatch.GetElapsedTime(clock).TotalSeconds);
            }
        })));
    }

    private static byte[] Batch(int batch)
    {
        var text = new StringBuilder(PerRequest * (RecordSize + 1));
        for (var index = 0; index < PerRequest; index++)
        {
            var number = batch * PerRequest + index;
            var start = text.Length;
            text.Append(CultureInfo.InvariantCulture, $$"""{"id":"pay-{{number}}","time":"2026-01-31T12:00:00Z","data":{"amount":"{{number % 100_000}}.{{number % 100:00}}","currency":"EUR","from":"DE{{number:00000000}}","to":"FR{{number * 7L:00000000}}","fee":{{number % 7}}.5,"text":" """);
            text.Append('x', Math.Max(0, RecordSize - 3 - (text.Length - start))).Append("\"}}").Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
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
    private static double Verify(string archive)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Assembly, "verify", archive]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && said.Contains($"intact, {Total} records", StringComparison.Ordinal)
            ? clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"verify: {said}");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }
}
