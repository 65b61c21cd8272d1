using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using System.Text.Json;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Serving;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Sending;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using Xunit.Abstractions;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>
/// Two replicas of the service on a database that Patroni switches over, and whose leader is killed, while clients ask for transfers, each until it is accepted, and one follows the events.
/// </summary>
public sealed class PatroniTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 4;
    private const int Destinations = 50;

    /// <summary>Between two requests of a client: what is tried is what happens to them, not how many there are.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Scratch _scratch = new();
    private readonly StringWriter _log = new();
    private readonly ConcurrentDictionary<int, string> _accepted = new();
    private readonly ConcurrentBag<string> _failures = [];
    private int _next;

    public void Dispose()
    {
        _scratch.Dispose();
        _log.Dispose();
    }

    [SkippableFact]
    public async Task A_switchover_and_the_loss_of_the_leader_pay_everybody_once_and_lose_nothing()
    {
        await using var cluster = await PatroniCluster.StartAsync();
        await using var database = new PostgreSqlDatabase(cluster.ConnectionString);
        await database.MigrateAsync(default);
        await using var world = await EthereumWorld.StartAsync(await EthereumWorld.StartChainAsync(), database, _scratch.Path);
        var writer = TextWriter.Synchronized(_log);
        var socket = _scratch.At("s.sock");
        using var signer = world.OpenSigner();
        await using var server = await SignerServer.StartAsync(signer, socket, new EventLog(writer, TimeProvider.System, "subject"), default);
        await using var one = await StartAsync(cluster, world, socket, writer);
        await using var two = await StartAsync(cluster, world, socket, writer);
        using var http = new HttpClient { Timeout = Waiting.Limit };
        await AllowAsync(http, one.Address, world.Wallet.Id);

        using var end = new CancellationTokenSource();
        var events = new List<long>();
        var following = FollowAsync(http, [one.Address, two.Address], events, end.Token);
        var mining = MineAsync(world, end.Token);
        Uri[] services = [one.Address, two.Address];
        await DuringAsync(cluster.SwitchOverAsync, http, services, world.Wallet.Id);
        var killed = "";
        await DuringAsync(async () => killed = await cluster.KillLeaderAsync(), http, services, world.Wallet.Id);
        Assert.True(!_failures.IsEmpty, "nothing failed: the leader was not used when it ended");
        await DuringAsync(() => cluster.StartAgainAsync(killed), http, services, world.Wallet.Id);

        await Waiting.UntilAsync("all are paid", async () => await OpenAsync(world) == 0, () => $"{_log}\n{cluster.Log}");
        var last = await database.EventsAsync(0, 100_000);
        await Waiting.UntilAsync("the last event is seen", () => LastOf(events) == last[^1].Position, () => _log.ToString());
        await end.CancelAsync();
        await Task.WhenAll(following, mining);
        // Each once, in order, over every interruption.
        Assert.Equal(Enumerable.Range(1, last.Count).Select(number => (long)number), events);
        var transfers = _accepted.Count;
        var final = await database.ReadAsync(session => session.TransfersAsync(world.Wallet.Id, TransferState.Final, null, 100_000));
        Assert.Equal(_accepted.Values.Order(StringComparer.Ordinal), final.Select(transfer => transfer.Id).Order(StringComparer.Ordinal));
        Assert.Equal(transfers, await world.SentAsync());
        await world.AssertPaidOnceAsync(_accepted.Keys.GroupBy(DestinationOf).ToDictionary(paid => paid.Key, paid => paid.Aggregate(BigInteger.Zero, (sum, number) => sum + AmountOf(number))));
        output.WriteLine($"{transfers} transfers; {_failures.Count} requests were repeated: {string.Join(", ", _failures.GroupBy(failure => failure).Select(group => $"{group.Count()} {group.Key}"))}; {events.Count} events");
    }

    private static BigInteger AmountOf(int number) => 1000 + number;

    private static int DestinationOf(int number) => number % Destinations;

    private static long LastOf(List<long> events)
    {
        lock (events)
            return events.Count == 0 ? 0 : events[^1];
    }

    private static Task<RunningService> StartAsync(PatroniCluster cluster, EthereumWorld world, string socket, TextWriter log) => RunningService.StartAsync(
        new ServeOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Data = world.Folder,
            ConnectionString = Reloaded<string>.Fixed(cluster.ConnectionString),
            Networks = Networks.Development,
            Ethereum = world.Chain.Url,
            Signer = new SignerAddress.UnixSocket(socket),
            Sender = new() { Every = TimeSpan.FromMilliseconds(100), Lease = TimeSpan.FromSeconds(2) },
        },
        log,
        default);

    private static async Task AllowAsync(HttpClient http, Uri service, string wallet)
    {
        foreach (var number in Enumerable.Range(0, Destinations))
            Assert.True((await SendAsync(http, HttpMethod.Post, new Uri(service, $"/v1/wallets/{wallet}/destinations"), $$"""{"address":"{{EthereumWorld.Destination(number)}}"}""")).IsSuccessStatusCode);
        var policy = $$"""{"assets": {"ethereum": {"perTransfer": "1000000", "perDay": "100000000", "approveAbove": "1000000", "maxFee": "{{EthereumWorld.MaxFee}}"} } }""";
        Assert.True((await SendAsync(http, HttpMethod.Put, new Uri(service, $"/v1/wallets/{wallet}/policy"), policy)).IsSuccessStatusCode);
    }

    /// <summary>Clients ask for transfers until a change of the database has ended.</summary>
    private async Task DuringAsync(Func<Task> change, HttpClient http, Uri[] services, string wallet)
    {
        using var over = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(http, services, wallet, over.Token))).ToArray();
        try
        {
            await change();
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(clients);
        }
    }

    /// <summary>A client: one transfer after the other, each with its key until it is accepted, by one replica or the other.</summary>
    private async Task AskAsync(HttpClient http, Uri[] services, string wallet, CancellationToken over)
    {
        for (; !over.IsCancellationRequested; await Task.Delay(Pause, CancellationToken.None))
        {
            var number = Interlocked.Increment(ref _next);
            var body = $$"""{"wallet":"{{wallet}}","asset":"ethereum","destination":"{{EthereumWorld.Destination(DestinationOf(number))}}","amount":"{{AmountOf(number)}}"}""";
            await Waiting.UntilAsync(
                $"transfer {number} is accepted",
                async () =>
                {
                    using var answer = await SendAsync(http, HttpMethod.Post, new Uri(services[Random.Shared.Next(services.Length)], "/v1/transfers"), body, $"order-{number}");
                    if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict)
                    {
                        _failures.Add(answer.StatusCode.ToString());
                        return false;
                    }

                    var text = await answer.Content.ReadAsStringAsync();
                    Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
                    _accepted[number] = JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;
                    return true;
                },
                () => _log.ToString());
        }
    }

    /// <summary>A client of the stream, which comes back with the last event that it saw, to one replica or the other.</summary>
    private static async Task FollowAsync(HttpClient http, Uri[] services, List<long> events, CancellationToken cancellationToken)
    {
        for (var turn = 0; !cancellationToken.IsCancellationRequested; turn++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(services[turn % services.Length], "/v1/events/stream"));
                request.Headers.Add("Last-Event-ID", LastOf(events).ToString(CultureInfo.InvariantCulture));
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
                while (await reader.ReadLineAsync(cancellationToken) is { } line)
                {
                    if (!line.StartsWith("id: ", StringComparison.Ordinal))
                        continue;
                    lock (events)
                        events.Add(long.Parse(line[4..], CultureInfo.InvariantCulture));
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                // It comes back.
            }
        }
    }

    private static async Task MineAsync(EthereumWorld world, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await world.Chain.MineAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static async Task<int?> OpenAsync(EthereumWorld world)
    {
        try
        {
            return (await world.Database.ReadAsync(session => session.OpenTransfersAsync(world.Wallet.Id, 1))).Count;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, Uri url, string body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await http.SendAsync(request);
    }
}
