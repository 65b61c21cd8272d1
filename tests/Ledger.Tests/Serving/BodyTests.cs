using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Serving;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Ledger.Tests.Serving;

/// <summary>What is sent is never more than the service can bear.</summary>
public sealed class BodyTests
{
    [Fact]
    public async Task Large_deep_and_compressed_bodies_have_limits()
    {
        await using var service = await TestService.StartAsync();
        var large = await service.PostAsync($$$"""{"stream":"payments","id":"a","data":{"a":"{{{new string('x', 200_000)}}}"}}""");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "urn:hacluster:ledger:too-large"), (large.Status, large.Body.GetProperty("type").GetString()));
        Assert.Equal("urn:hacluster:ledger:too-deep", (await service.PostAsync($$$"""{"stream":"payments","id":"a","data":{"a":{{{new string('[', 100)}}}{{{new string(']', 100)}}}}}""")).Body.GetProperty("type").GetString());
        // Asks before it sends: the answer comes before the body.
        service.Http.DefaultRequestHeaders.ExpectContinue = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await service.PostAsync(new byte[10_000_000])).Status);
        service.Http.DefaultRequestHeaders.ExpectContinue = null;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await service.PostAsync(Bomb(), encoding: "gzip")).Status);

        Assert.Equal(HttpStatusCode.BadRequest, (await service.PostAsync("not gzip"u8.ToArray(), encoding: "gzip")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await service.PostAsync("x"u8.ToArray(), encoding: "br")).Status);
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync(Gzip(Encoding.UTF8.GetBytes(ReceiverTests.One)), encoding: "gzip")).Status);
    }

    [Fact]
    public async Task A_sender_that_is_too_slow_is_cut_off()
    {
        await using var service = await TestService.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(service.Address.Host, service.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("POST /v1/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"u8.ToArray());
        // Nothing more is sent: the service answers, and closes the connection.
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(Waiting.Limit);
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("urn:hacluster:ledger:bad-request", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_take_no_more_memory_than_their_limit_and_all_of_them_no_more_than_the_budget()
    {
        const int Limit = 1 << 20;
        var bodies = new RequestBody(Limit, budget: 4 * Limit);
        var bomb = Bomb();
        // A bomb that was unpacked further than the limit would break the budget, and say so.
        for (var round = 0; round < 10; round++)
            Assert.Equal("too-large", (await Assert.ThrowsAsync<RejectedException>(() => bodies.ReadAsync(Request(bomb, "gzip")))).Code);
        var held = new List<IDisposable>();
        await Assert.ThrowsAsync<UnavailableException>(async () =>
        {
            for (var count = 0; count < 100; count++)
                held.Add(await bodies.ReadAsync(Request(new byte[Limit / 2], "")));
        });
        Assert.InRange(held.Count, 2, 8);
        held.ForEach(body => body.Dispose());
        using var again = await bodies.ReadAsync(Request(new byte[Limit], ""));
        Assert.Equal(Limit, again.Length);
    }

    private static HttpRequest Request(byte[] body, string encoding)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(body);
        context.Request.ContentLength = body.Length;
        context.Request.Headers.ContentEncoding = encoding;
        return context.Request;
    }

    /// <summary>200 MB of zeros in 200 kB.</summary>
    private static byte[] Bomb()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            for (var count = 0; count < 200; count++)
                gzip.Write(new byte[1_000_000]);
        }

        return compressed.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(content);
        return compressed.ToArray();
    }
}
