using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace HaCluster.Ledger.Tests.Faults;

/// <summary>Producers that send every record until it is acknowledged, to whichever instance answers, and keep what they were told.</summary>
internal sealed class Senders(IReadOnlyList<Uri> instances, int recordsPerRequest, int seed) : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ConcurrentDictionary<int, long[]> _acknowledged = new();
    private long _records;
    private long _retries;
    private int _next;

    /// <summary>Records that were acknowledged.</summary>
    public long Records => Interlocked.Read(ref _records);

    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Sequences of the records of each request.</summary>
    public IReadOnlyDictionary<int, long[]> Acknowledged => _acknowledged;

    public static string IdOf(int request, int record) => $"{request}-{record}";

    /// <summary>Sends until it is enough; then whatever has begun is acknowledged.</summary>
    public Task SendAsync(int senders, Func<bool> isEnough) => Task.WhenAll(Enumerable.Range(0, senders).Select(number => Task.Run(async () =>
    {
        var random = new Random(seed + number);
        while (!isEnough())
        {
            var request = Interlocked.Increment(ref _next);
            var body = Body(request, random);
            while (await TrySendAsync(request, body, instances[random.Next(instances.Count)]) is false)
            {
                Interlocked.Increment(ref _retries);
                await Task.Delay(random.NextDouble() * LongestPause);
            }

            // As any sender whose own memory was lost: what was acknowledged is sent again, and answered as the first time.
            if (random.Next(10) == 0)
                await TrySendAsync(request, body, instances[random.Next(instances.Count)]);
        }
    })));

    public void Dispose() => _http.Dispose();

    private byte[] Body(int request, Random random)
    {
        var text = new StringBuilder();
        for (var record = 0; record < recordsPerRequest; record++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""{"id":"{{IdOf(request, record)}}","time":"2026-01-31T12:00:00Z","data":{"amount":"{{random.Next(100_000)}}.{{random.Next(100):00}}","currency":"EUR","text":" """);
            text.Append('x', 380).Append("\"}}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private async Task<bool> TrySendAsync(int request, byte[] body, Uri instance)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using var answer = await _http.PostAsync(new Uri(instance, "/v1/records?stream=payments"), content);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                return false;
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode}: {text}");
            Acknowledge(request, text);
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            return false;
        }
    }

    private void Acknowledge(int request, string text)
    {
        using var document = JsonDocument.Parse(text);
        var records = document.RootElement.GetProperty("records").EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(0, recordsPerRequest).Select(record => IdOf(request, record)), records.Select(record => record.GetProperty("id").GetString()));
        var sequences = records.Select(record => record.GetProperty("sequence").GetInt64()).ToArray();
        if (_acknowledged.TryAdd(request, sequences))
            Interlocked.Add(ref _records, sequences.Length);
        else
            Assert.Equal(_acknowledged[request], sequences);
    }
}
