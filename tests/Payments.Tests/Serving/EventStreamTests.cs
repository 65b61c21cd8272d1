using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HaCluster.Payments.Access;
using HaCluster.Payments.Arguments;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>Clients that follow the events for long: silent times, too many of them, and those that do not read.</summary>
public sealed class EventStreamTests : IDisposable
{
    private const int MostClients = 100;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_silent_stream_says_that_it_lives_and_ends_with_its_key()
    {
        await using var service = await TestService.StartAsync();
        var key = await service.AddKeyAsync("reader", Scopes.View);
        using var stream = await OpenAsync(service.Http, service.Service.Address, key);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await ExpectAsync(reader, ": events", "");
        // An event is a sign of life, too: after it there are fifteen seconds again.
        service.Clock.Advance(TimeSpan.FromSeconds(14));
        await service.AddKeyAsync("other", Scopes.View);
        await ExpectAsync(reader, "id: 2", "event: key.created");
        Assert.StartsWith("data: {", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadLineAsync());
        service.Clock.Advance(TimeSpan.FromSeconds(14));
        await service.AddKeyAsync("third", Scopes.View);
        Assert.Equal("id: 3", await reader.ReadLineAsync());
        for (var line = 0; line < 3; line++)
            await reader.ReadLineAsync();
        service.Clock.Advance(TimeSpan.FromSeconds(15));
        await ExpectAsync(reader, ":", "");

        Assert.True(await service.Service.Database.ChangeAsync(session => session.RevokeKeyAsync("reader", service.Clock.GetUtcNow())));
        service.Clock.Advance(TimeSpan.FromSeconds(15));
        // At most the event of its end; then the stream is over.
        var rest = await reader.ReadToEndAsync().WaitAsync(Waiting.Limit);
        Assert.DoesNotContain(":\n\n", rest.Replace("data:", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_clients_than_a_replica_takes_are_sent_away_until_one_leaves()
    {
        await using var service = await TestService.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, MostClients).Select(_ => OpenAsync(service.Http, service.Service.Address)));
        Assert.All(clients, client => Assert.Equal(HttpStatusCode.OK, client.StatusCode));
        var (status, problem, _) = await service.SendAsync(HttpMethod.Get, "/v1/events/stream");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "urn:hacluster:payments:too-many-clients"), (status, problem.GetProperty("type").GetString()));
        // Who is sent away takes no place, and other requests are answered.
        await service.GetAsync("/v1/events");
        clients[0].Dispose();
        // That it is gone is noticed by writing to it.
        service.Clock.Advance(TimeSpan.FromSeconds(15));
        await Waiting.UntilAsync(
            "there is a place again",
            async () =>
            {
                service.Clock.Advance(TimeSpan.FromSeconds(15));
                using var next = await OpenAsync(service.Http, service.Service.Address);
                return next.StatusCode == HttpStatusCode.OK;
            },
            () => service.Log);
        foreach (var client in clients)
            client.Dispose();
    }

    [SkippableFact]
    public async Task Clients_that_do_not_read_hold_neither_memory_nor_their_places()
    {
        Skip.If(!OperatingSystem.IsLinux(), "reads /proc");
        const int events = 20_000;
        const int mostMegabytes = 1500;
        Directory.CreateDirectory(_scratch.At("payments-data"));
        await using (var database = new SqliteDatabase(_scratch.At("payments-data/payments.db")))
        {
            await database.MigrateAsync(default);
            // 40 MB: held for each of the clients, as text of .NET, it would be 8 GB.
            var data = new Dictionary<string, string?> { ["text"] = new string('x', 2000) };
            await database.ChangeAsync(async session =>
            {
                for (var number = 0; number < events; number++)
                    await session.AppendEventAsync("t.one", "a", data, DateTimeOffset.UtcNow);
            });
        }

        var port = Waiting.FreePort();
        await using var service = RunningProgram.Start("dotnet", [typeof(CommandLine).Assembly.Location, "--listen", $"127.0.0.1:{port}"], _scratch.Path);
        var address = new Uri($"http://127.0.0.1:{port}");
        using var http = new HttpClient { Timeout = Waiting.Limit };
        await Waiting.UntilAsync("the service is ready", async () => service.HasEnded || (await http.GetAsync(new Uri(address, "/ready"))).IsSuccessStatusCode, () => service.Text);
        var clients = new List<TcpClient>();
        try
        {
            for (var number = 0; number < MostClients; number++)
            {
                var client = new TcpClient();
                clients.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/events/stream HTTP/1.1\r\nHost: localhost:{port}\r\nLast-Event-ID: 0\r\n\r\n"));
            }

            // All of them are answered, are still connected, and have read nothing.
            var answered = new HashSet<TcpClient>();
            await Waiting.UntilAsync(
                "the places of all are free again",
                async () =>
                {
                    answered.UnionWith(clients.Where(client => client.Available > 0));
                    return answered.Count == MostClients && (await http.GetStringAsync(new Uri(address, "/metrics"))).Contains("\npayments_event_stream_clients 0\n", StringComparison.Ordinal);
                },
                () => service.Text);
            using var next = await OpenAsync(http, address, after: events - 1);
            using var reader = new StreamReader(await next.Content.ReadAsStreamAsync());
            await ExpectAsync(reader, ": events", "");
            Assert.Equal($"id: {events}", await reader.ReadLineAsync());
            var peak = (await File.ReadAllLinesAsync($"/proc/{service.Id}/status")).Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            Assert.InRange(long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) >> 10, 1, mostMegabytes);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task ExpectAsync(StreamReader reader, params string[] lines)
    {
        foreach (var line in lines)
            Assert.Equal(line, await reader.ReadLineAsync().WaitAsync(Waiting.Limit));
    }

    private static async Task<HttpResponseMessage> OpenAsync(HttpClient http, Uri address, string? key = null, int? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/v1/events/stream"));
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        if (after is { } last)
            request.Headers.Add("Last-Event-ID", last.ToString(CultureInfo.InvariantCulture));
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
