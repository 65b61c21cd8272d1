using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using HaCluster.Conformance.Emit;

namespace HaCluster.Benchmarks.Ledger;

/// <summary>The records that the ledger is measured with, and their sender.</summary>
internal static class LedgerLoad
{
    public const int RecordSize = 500;
    public const int PerRequest = 500;
    public const int Connections = 8;

    public static string Assembly =>
        Path.Combine(Checkout.Root, "infra", "Services", "Ledger", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "ledger.dll");

    /// <param name="perSecond">Records; null: as many as are answered.</param>
    public static async Task SendAsync(Uri url, int from, int to, ConcurrentBag<double> latencies, int? perSecond = null)
    {
        var next = from / PerRequest;
        var start = Stopwatch.GetTimestamp();
        using var http = new HttpClient();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) - 1 is var batch && batch * PerRequest < to)
            {
                using var content = new ByteArrayContent(Batch(batch));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
                if (perSecond is { } rate && TimeSpan.FromSeconds((double)(batch * PerRequest - from) / rate) - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
                    await Task.Delay(early);
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

    /// <summary>A word that one record has.</summary>
    public static string RareWord(int number) => string.Create(CultureInfo.InvariantCulture, $"DE{number:00000000}");

    /// <summary>A word that all of them have.</summary>
    public const string CommonWord = "EUR";
}
