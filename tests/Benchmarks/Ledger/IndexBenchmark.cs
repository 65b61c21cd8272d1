using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HaCluster.Benchmarks.Sentinel;

namespace HaCluster.Benchmarks.Ledger;

/// <summary>
/// <c>ledger index rebuild</c> of a million records into SQLite, and how long searches of them take over HTTP, with the record in the audit trail that each of them is, beside
/// grep over the same archive, which without an index is what there is.
/// </summary>
internal sealed record IndexBenchmark(double RebuildSeconds, double RebuildMegabytes, Latency Rare, Latency Common, Latency Following, double GrepSeconds)
{
    private const int Total = 1_000_000;
    private const int Searches = 200;
    private const int Page = 100;

    public static async Task<IndexBenchmark> HoldAsync()
    {
        var directory = Directory.CreateTempSubdirectory("ha-ledger-");
        try
        {
            var (archive, index) = (Path.Combine(directory.FullName, "archive"), Path.Combine(directory.FullName, "rebuilt.db"));
            await RunAsync(directory.FullName, "none", url => LedgerLoad.SendAsync(url, 0, Total, new ConcurrentBag<double>()));
            var (seconds, megabytes) = await RebuildAsync(archive, index);
            Latency rare = default, common = default, following = default;
            await RunAsync(directory.FullName, index, async url =>
            {
                using var http = new HttpClient { BaseAddress = url };
                await PageAsync(http, LedgerLoad.CommonWord, null);
                var random = new Random(15);
                rare = await MeasureAsync(async _ => (await PageAsync(http, LedgerLoad.RareWord(random.Next(Total)), null)).Records == 1 ? null : throw new InvalidOperationException("not found"));
                common = await MeasureAsync(async _ => { await PageAsync(http, LedgerLoad.CommonWord, null); return null; });
                following = await MeasureAsync(async cursor => (await PageAsync(http, LedgerLoad.CommonWord, cursor)).Next);
            });
            return new IndexBenchmark(seconds, megabytes, rare, common, following, await GrepAsync(Path.Combine(archive, "segments", "payments")));
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
        Line($"{Total} records of {LedgerLoad.RecordSize} bytes, pages of {Page}, {Searches} searches of each kind, one after the other");
        Line($"  rebuild of the index: {Total / RebuildSeconds:0} records per second, {RebuildMegabytes:0} MB resident at most");
        Line($"  search, ms                          median      p99");
        Line($"  a word that one record has      {1000 * Rare.P50,10:0.0} {1000 * Rare.P99,8:0.0}");
        Line($"  a word that all have            {1000 * Common.P50,10:0.0} {1000 * Common.P99,8:0.0}");
        Line($"  the same, following pages       {1000 * Following.P50,10:0.0} {1000 * Following.P99,8:0.0}");
        Line($"  grep for the rare word          {1000 * GrepSeconds,10:0.0}          ratio {Rare.P50 / GrepSeconds:0.000}");
        Target[] targets = [new($"rebuild of the index of {Total} records in s", RebuildSeconds, 60)];
        foreach (var target in targets)
            Line($"{(target.IsMet ? "met   " : "MISSED")}  {target.What}: {target.Value:0.0}, target {target.Limit:0}");
        return text.ToString();
    }

    private static async Task RunAsync(string directory, string index, Func<Uri, Task> measure)
    {
        var address = $"127.0.0.1:{Waiting.FreePort()}";
        var url = new Uri($"http://{address}/");
        using var ledger = await WebProcess.StartAsync("dotnet", [LedgerLoad.Assembly, $"--listen={address}", $"--data={directory}", $"--index={index}", "--verify-every=0"], new Uri(url, "ready"));
        await measure(url);
    }

    private static async Task<(double Seconds, double Megabytes)> RebuildAsync(string archive, string index)
    {
        var clock = Stopwatch.StartNew();
        await using var process = RunningProgram.Start("dotnet", [LedgerLoad.Assembly, "index", "rebuild", archive, $"--index={index}"]);
        using var watch = new ProcessWatch(process.Id);
        var ended = await process.EndAsync();
        return ended.Succeeded && ended.Output.Contains($"up to record {Total}", StringComparison.Ordinal)
            ? (clock.Elapsed.TotalSeconds, watch.Megabytes)
            : throw new InvalidOperationException($"rebuild: {ended.Text}");
    }

    /// <param name="search">Given what the one before returned.</param>
    private static async Task<Latency> MeasureAsync(Func<string?, Task<string?>> search)
    {
        var (seconds, last) = (new List<double>(), (string?)null);
        for (var number = 0; number < Searches; number++)
        {
            var clock = Stopwatch.GetTimestamp();
            last = await search(last);
            seconds.Add(Stopwatch.GetElapsedTime(clock).TotalSeconds);
        }

        seconds.Sort();
        return new Latency(seconds[Searches / 2], seconds[Searches * 99 / 100]);
    }

    private static async Task<(int Records, string? Next)> PageAsync(HttpClient http, string word, string? cursor)
    {
        var path = $"v1/records?stream=payments&limit={Page}&q={word}{(cursor is null ? "" : $"&cursor={cursor}")}";
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return (json.RootElement.GetProperty("records").GetArrayLength(), json.RootElement.TryGetProperty("next", out var next) ? next.GetString() : null);
    }

    /// <returns>Seconds, of the second run: then the files are in memory.</returns>
    private static async Task<double> GrepAsync(string segments)
    {
        var seconds = 0.0;
        for (var run = 0; run < 2; run++)
        {
            var clock = Stopwatch.StartNew();
            var found = await Programs.RunAsync("grep", ["-rhF", LedgerLoad.RareWord(Total / 2), segments]);
            seconds = found.Output.Length > 0 ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException("grep found nothing");
        }

        return seconds;
    }
}

/// <summary>Seconds.</summary>
internal readonly record struct Latency(double P50, double P99);
