using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using HaCluster.Sentinel.Tests.Peers;

namespace HaCluster.Sentinel.Tests;

/// <summary>The program beside a node, a consensus client and a sibling that answer with anything but what they should: it says that they do not answer, and lives on.</summary>
public sealed partial class HostilePeersTests
{
    /// <summary>Above what the program takes by itself: a few answers of 2 MB at a time, and what is not collected yet.</summary>
    private const long Bound = 48 * 1024 * 1024;

    private static readonly string Honest =
        $$"""{"number":"0x10","hash":"0x{{new string('a', 64)}}","parentHash":"0x{{new string('b', 64)}}","timestamp":"0x{{DateTimeOffset.UtcNow.ToUnixTimeSeconds():x}}"}""";

    private static readonly byte[] Megabyte = [.. Enumerable.Repeat((byte)'[', 1 << 20)];

    /// <summary>Each is given to a call in turn.</summary>
    private static readonly Func<NetworkStream, CancellationToken, Task>[] Answers =
    [
        // Endless, whole or promised.
        (stream, token) => SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n", Enumerable.Repeat(Megabyte, 100), token),
        (stream, token) => SendAsync(stream, "HTTP/1.1 200 OK\r\n\r\n", Enumerable.Repeat(Megabyte, 100), token),
        (stream, token) => SendAsync(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Enumerable.Repeat(Encoding.ASCII.GetBytes($"100000\r\n{new string('7', 0x100000)}\r\n"), 100), token),
        (stream, token) => SendAsync(stream, "HTTP/1.1 200 OK\r\nX: ", Enumerable.Repeat(Megabyte, 100), token),
        (stream, token) => SendAsync(stream, "HTTP/1.1 200 OK\r\n", Enumerable.Repeat(Encoding.ASCII.GetBytes("X: y\r\n"), 100_000), token),
        (stream, token) => SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n", [Bomb()], token),
        // Cut off, or another protocol.
        (stream, token) => SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"result\":", [], token),
        (stream, token) => SendAsync(stream, "{\"result\":{}}", [], token),
        (stream, token) => SendAsync(stream, "HTTP/0.9 200\r\n\r\n{}", [], token),
        (stream, token) => SendAsync(stream, "\u0015\u0003\u0001\u0000\u0002\u0002\u0028", [], token),
        (_, _) => Task.CompletedTask,
        // Statuses; the redirect leads to an honest node.
        (stream, token) => RawServer.SendAsync(stream, 401, "{}", token, "WWW-Authenticate: Basic\r\n"),
        (stream, token) => RawServer.SendAsync(stream, 403, "{}", token),
        (stream, token) => RawServer.SendAsync(stream, 429, "{}", token, "Retry-After: 86400\r\n"),
        (stream, token) => RawServer.SendAsync(stream, 500, "<h1>sorry</h1>", token),
        (stream, token) => RawServer.SendAsync(stream, 204, "", token),
        // JSON of other shapes.
        .. new[]
        {
            "null", "true", "7", "\"x\"", "[]", "{}", "[{}]", """{"result":null}""", """{"result":7}""", """{"result":[]}""", """{"result":"0x"}""",
            """{"result":{"number":"-0x1","hash":"0x00","parentHash":"0x00","timestamp":"0x0"}}""",
            """{"result":{"number":-1,"hash":7,"parentHash":null,"timestamp":[]}}""",
            """{"result":{"number":"0xffffffffffffffff","hash":"","parentHash":"","timestamp":""}}""",
            """{"result":{"number":"0x10","hash":"\ud800","parentHash":"x","timestamp":"0x1"}}""",
            """{"error":{"code":-32000,"message":"line one\r\nsentinel: ready: ok"}}""", """{"error":"no"}""", """{"data":{"head_slot":"-1","sync_distance":"x"}}""",
            """{"ok":true,"reason":"ok","network":"31337","head":{"height":-5,"hash":"x"}}""", """{"jsonrpc":"2.0","id":1,"result":{"number":"0x10"}}""",
        }.Select(body => (Func<NetworkStream, CancellationToken, Task>)((stream, token) => RawServer.SendAsync(stream, 200, body, token))),
    ];

    [Fact]
    public async Task Whatever_they_answer_it_stays_small_and_alive_and_never_calls_the_node_ready()
    {
        using var honest = new RawServer((request, stream, token) => RawServer.SendAsync(stream, 200, HonestAnswer(request), token));
        var (isHonest, turn) = (false, 0);
        using var hostile = new RawServer((request, stream, token) =>
        {
            if (isHonest)
                return RawServer.SendAsync(stream, 200, HonestAnswer(request), token);
            var next = Interlocked.Increment(ref turn) % (Answers.Length + 1);
            return next == Answers.Length ? RawServer.SendAsync(stream, 307, "", token, $"Location: {honest.Url}\r\n") : Answers[next](stream, token);
        });
        await using var sentinel = await SentinelProcess.StartAsync(
        [
            "--chain=ethereum", "--network=31337", "--client=geth", $"--rpc={hostile.Url}", $"--consensus={hostile.Url}", "--tip-age=0",
            .. Enumerable.Range(0, 3).Select(index => $"--node={hostile.Url}{index}"),
        ]);

        var before = sentinel.PeakMemory;

        // Three times round, whoever asks.
        await Waiting.UntilAsync(
            "every answer has been given",
            async () =>
            {
                var (status, reason) = await sentinel.GetAsync("/ready");
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "starting"), (status, reason));
                return Volatile.Read(ref turn) > 3 * Answers.Length;
            },
            () => sentinel.Program.Text);

        var metrics = await sentinel.MetricsAsync();
        foreach (var fault in new[] { "too-large", "malformed", "status", "unauthorized", "throttled" })
            Assert.True(Errors().Matches(metrics).Any(match => match.Groups[1].Value == fault && match.Groups[2].Value != "0"), $"{fault}\n{metrics}");
        Assert.True(sentinel.PeakMemory - before is null or < Bound, $"from {before / 1024 / 1024} MB to {sentinel.PeakMemory / 1024 / 1024} MB");
        Assert.DoesNotContain(sentinel.Program.Text.Split('\n'), line => line.StartsWith("sentinel: ready", StringComparison.Ordinal));
        Assert.Equal(0, honest.Requests);

        // It was not merely dead.
        isHonest = true;
        await Waiting.UntilAsync("it is ready beside an honest node", async () => (await sentinel.GetAsync("/ready")).Status == HttpStatusCode.OK, () => sentinel.Program.Text);
    }

    private static string HonestAnswer(string request) => request switch
    {
        _ when request.Contains("/node/syncing", StringComparison.Ordinal) => """{"data":{"head_slot":"1","sync_distance":"0","is_syncing":false,"is_optimistic":false,"el_offline":false}}""",
        _ when request.Contains("eth_getBlockByNumber", StringComparison.Ordinal) => $$"""{"result":{{Honest}}}""",
        _ when request.Contains("eth_getBlockByHash", StringComparison.Ordinal) => """{"result":null}""",
        _ when request.Contains("eth_syncing", StringComparison.Ordinal) => """{"result":false}""",
        _ when request.Contains("eth_chainId", StringComparison.Ordinal) => $$"""{"result":"0x{{31337.ToString("x", CultureInfo.InvariantCulture)}}"}""",
        _ => """{"error":{"code":-32601,"message":"Method not found"}}""",
    };

    private static async Task SendAsync(NetworkStream stream, string start, IEnumerable<byte[]> rest, CancellationToken token)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(start), token);
        foreach (var part in rest)
            await stream.WriteAsync(part, token);
    }

    /// <summary>100 MB of zeros in 100 kB.</summary>
    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            for (var megabyte = 0; megabyte < 100; megabyte++)
                zip.Write(new byte[1 << 20]);
        }

        return packed.ToArray();
    }

    [GeneratedRegex("sentinel_rpc_errors_total\\{[^}]*fault=\"([a-z-]+)\"\\} (\\d+)")]
    private static partial Regex Errors();
}
