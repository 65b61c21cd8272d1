using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using HaCluster.Ledger.Tests.Senders;

namespace HaCluster.Ledger.Tests.Serving;

/// <summary>What is wrong is answered with a problem, and costs bounded memory; others are served meanwhile.</summary>
public sealed partial class BadInputTests
{
    /// <summary>Generous: bodies may have 64 MiB together, and records that wait as much. Without bounds, the bombs alone would take tens of gigabytes.</summary>
    private const long MostMemory = 700L << 20;

    [Theory]
    [InlineData("{\"stream\":\"payments\",\"id\":\"a\",\"data\":{\"a\":\"\\xFF\"}}", "invalid-utf8")]
    [InlineData("{\"stream\":\"payments\",\"id\":\"a\",\"data\":{\"a\":\"\\uD800\"}}", "invalid-json")]
    [InlineData("{\"stream\":\"payments\",\"id\":\"a\",\"data\":{\"a\":NaN}}", "invalid-json")]
    [InlineData("{\"stream\":\"payments\",\"id\":\"a\",\"data\":{\"a\":1e999}}", "inexact-number")]
    [InlineData("{\"stream\":\"payments\",\"id\":\"a\",\"data\":{\"a\":9007199254740993}}", "inexact-number")]
    [InlineData("{\"stream\":\"payments\",\"id\":\"a\",\"data\":{\"a\":1,\"\\u0061\":2}}", "duplicate-name")]
    [InlineData("{\"stream\":\"payments\",\"sequence\":-5,\"data\":{}}", "invalid-record")]
    [InlineData("{\"stream\":\"payments\",\"sequence\":1.5,\"data\":{}}", "invalid-record")]
    [InlineData("{\"stream\":\"../etc\",\"id\":\"a\",\"data\":{}}", "unknown-stream")]
    [InlineData("{\"stream\":\"payments\",\"id\":\"a\\u0000b\",\"data\":{}}", "invalid-record")]
    [InlineData("{\"stream\":\"payments\",\"id\":\"a\",\"data\":{}} {}", "invalid-json")]
    [InlineData("{\"stream\":\"payments\",\"id\":\"a\",\"data\":{}", "invalid-json")]
    [InlineData("{\"stream\":\"payments\",\"id\":\"a\",\"time\":\"2026-01-31\",\"data\":{}}", "invalid-record")]
    public async Task A_record_that_cannot_be_kept_exactly_is_a_problem_that_is_counted(string text, string code)
    {
        await using var service = await TestService.StartAsync();
        // \xFF is a byte that UTF-8 does not have.
        var body = Encoding.Latin1.GetBytes(text.Replace("\\xFF", "\u00FF", StringComparison.Ordinal));
        var answer = await service.PostAsync(body);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, $"urn:hacluster:ledger:{code}"), (answer.Status, answer.Body.GetProperty("type").GetString()));
        Assert.Contains($"ledger_records_rejected_total{{reason=\"{code}\"}} 1\n", await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
        using var bulk = await service.SendAsync(HttpMethod.Post, "/payments/_bulk", "{\"create\":{}}\n{\"n\":1}\n");
        Assert.Equal(HttpStatusCode.OK, bulk.StatusCode);
        Assert.Single(await service.LinesAsync("payments"));
    }

    [SkippableFact]
    public async Task While_many_send_what_is_too_large_too_deep_too_slow_or_a_bomb_others_are_served_in_bounded_memory()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads /proc");
        using var scratch = new Scratch();
        await using var ledger = new LedgerProgram(scratch, new HttpClient { Timeout = Waiting.Limit }, "http");
        await ledger.StartAsync();
        var bomb = Bomb();
        var deep = Encoding.ASCII.GetBytes("""{"stream":"payments","id":"a","data":{"a":""" + new string('[', 3_000_000) + new string(']', 3_000_000) + "}}");
        var large = Encoding.ASCII.GetBytes("{\"stream\":\"payments\",\"id\":\"a\",\"data\":{\"a\":\"" + new string('x', 10_000_000) + "\"}}");
        var many = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"create\":{}}\n{\"a\":[[[[{\"a\":1,\"a\":2}]]]]}\n", 100_000)));
        var slow = new List<TcpClient>();
        try
        {
            for (var index = 0; index < 300; index++)
            {
                var client = new TcpClient();
                slow.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, ledger.Port);
                // A third says nothing, a third never ends its headers, a third its body.
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    new[] { "", "POST /v1/records HTTP/1.1\r\nHost: localhost\r\nX: ", "POST /v1/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 8000000\r\n\r\n{" }[index % 3]));
            }

            var attacks = Enumerable.Range(0, 12).Select(index => Task.Run(async () =>
            {
                using var http = new HttpClient { BaseAddress = ledger.Address, Timeout = Waiting.Limit };
                var statuses = new HashSet<int>();
                foreach (var round in Enumerable.Range(index, 12))
                {
                    statuses.Add((round % 4) switch
                    {
                        0 => await PostAsync(http, "/v1/records", bomb, "gzip"),
                        1 => await PostAsync(http, "/v1/records", large),
                        2 => await PostAsync(http, "/v1/records", deep),
                        _ => await PostAsync(http, "/payments/_bulk", many),
                    });
                }

                return statuses;
            })).ToArray();

            // Others: each record is stored, if need be when it is sent again, as a 503 asks for.
            var stored = 0;
            while (stored < 50 || !Task.WhenAll(attacks).IsCompleted)
            {
                var status = await PostAsync(ledger.Http, new Uri(ledger.Address, "/v1/records").ToString(), Encoding.ASCII.GetBytes($$$"""{"stream":"payments","id":"r-{{{stored}}}","data":{}}"""));
                Assert.Contains(status, new[] { 201, 503 });
                stored += status == 201 ? 1 : 0;
            }

            // 0: cut off while it sent, since the answer did not wait for the rest.
            Assert.All((await Task.WhenAll(attacks)).SelectMany(statuses => statuses), status => Assert.Contains(status, new[] { 0, 413, 422, 503 }));
            Assert.Equal(stored, (await ledger.RecordsAsync("payments")).Count);
            var peak = long.Parse(Peak().Match(await File.ReadAllTextAsync($"/proc/{ledger.Id}/status")).Groups[1].Value, CultureInfo.InvariantCulture) << 10;
            Assert.InRange(peak, 1, MostMemory);
            // Who is too slow within a request is cut off; a connection without one may be idle for two minutes.
            foreach (var client in slow.Where((_, index) => index % 3 > 0))
                await EndOfAsync(client);
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    private static async Task EndOfAsync(TcpClient client)
    {
        try
        {
            while (await client.GetStream().ReadAsync(new byte[1000]).AsTask().WaitAsync(Waiting.Limit) > 0)
            {
            }
        }
        catch (IOException)
        {
            // The connection was reset.
        }
    }

    private static async Task<int> PostAsync(HttpClient http, string path, byte[] body, string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        try
        {
            using var answer = await http.PostAsync(new Uri(path, UriKind.RelativeOrAbsolute), content);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    /// <summary>1 GB of spaces in 1 MB.</summary>
    private static byte[] Bomb()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            var spaces = Encoding.ASCII.GetBytes(new string(' ', 1_000_000));
            for (var count = 0; count < 1000; count++)
                gzip.Write(spaces);
        }

        return compressed.ToArray();
    }

    [GeneratedRegex(@"VmHWM:\s*([0-9]+) kB")]
    private static partial Regex Peak();
}
