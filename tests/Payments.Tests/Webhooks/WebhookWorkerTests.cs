using System.Net;
using System.Text.Json;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Webhooks;
using HaCluster.Services;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Payments.Tests.Webhooks;

/// <summary>The worker that sends events to webhooks, round by round on a clock of the test, to a real server.</summary>
[Collection(StoreCollection.Name)]
public sealed partial class WebhookWorkerTests(PostgreSql postgreSql) : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly ManualClock _clock = new(TestTransfers.Now);
    private readonly StringWriter _log = new();

    public void Dispose()
    {
        _scratch.Dispose();
        _log.Dispose();
    }

    [SkippableTheory, OnBothStores]
    public async Task An_objects_events_arrive_in_their_order_and_no_other_object_waits_for_it(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var webhook = await AddAsync(database, receiver.Url);
        await AppendEventAsync(database, ("a", "one"), ("a", "two"), ("b", "one"));
        receiver.Answer = (received, context) => Receiver.StatusAsync(context, received is { Subject: "a", Type: "t.one" } ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
        await RoundAsync(database);
        await RoundAsync(database);
        Assert.Equal([("a", "t.one"), ("b", "t.one")], receiver.All.Select(one => (one.Subject, one.Type)));
        var waiting = await database.ReadAsync(session => session.DeliveriesAsync(webhook.Id, Delivery.Waiting, 0, 10));
        Assert.Equal([(0L, null), (1L, 500L)], waiting.Select(one => (one.Attempts, one.Status)));

        receiver.Answer = (_, context) => Receiver.StatusAsync(context, StatusCodes.Status200OK);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await RoundAsync(database);
        Assert.Equal([("a", "t.one"), ("b", "t.one"), ("a", "t.one"), ("a", "t.two")], receiver.All.Select(one => (one.Subject, one.Type)));
        // An attempt that is repeated has the same id, by which the receiver knows it.
        Assert.Equal(receiver.All[0].Id, receiver.All[2].Id);
        Assert.Empty(await database.ReadAsync(session => session.DeliveriesAsync(webhook.Id, Delivery.Waiting, 0, 10)));
    }

    [SkippableTheory, OnBothStores]
    public async Task What_is_not_taken_for_three_days_disables_the_webhook_and_resuming_sends_it(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var webhook = await AddAsync(database, receiver.Url);
        receiver.Answer = (_, context) => Receiver.StatusAsync(context, StatusCodes.Status503ServiceUnavailable);
        await AppendEventAsync(database, ("a", "one"), ("a", "two"));
        var rounds = 0;
        for (; (await FindAsync(database, webhook)).State == Webhook.Active; rounds++)
        {
            Assert.True(rounds < 500, _log.ToString());
            await RoundAsync(database);
            _clock.Advance(TimeSpan.FromHours(1));
        }

        // Once an hour, as the clock of the test goes; the last one after three days.
        Assert.Equal(73, rounds);
        Assert.Contains("was not taken for 3 days, the last time because it answered 503", (await FindAsync(database, webhook)).Reason, StringComparison.Ordinal);
        Assert.Contains(await database.EventsAsync(0, 100), one => one.Type == "webhook.disabled" && one.Subject == webhook.Id);
        Assert.Contains("the webhook is disabled", _log.ToString(), StringComparison.Ordinal);
        var sent = receiver.All.Count;
        await RoundAsync(database);
        Assert.Equal(sent, receiver.All.Count);

        receiver.Answer = (_, context) => Receiver.StatusAsync(context, StatusCodes.Status200OK);
        await database.ChangeAsync(async session =>
        {
            await session.RestartWaitingAsync(webhook.Id, _clock.GetUtcNow());
            await session.ChangeWebhookAsync((await session.WebhookAsync(webhook.Id, forUpdate: true))! with { State = Webhook.Active, Reason = null }, "resumed", "test", _clock.GetUtcNow());
        });
        await RoundAsync(database);
        Assert.Equal(["t.one", "t.two"], receiver.All.Skip(sent).Where(one => one.Subject == "a").Select(one => one.Type));
    }

    [SkippableFact]
    public async Task A_receiver_that_is_gone_is_disabled_at_once_and_one_that_asks_for_time_gets_it()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var webhook = await AddAsync(database, receiver.Url);
        receiver.Answer = (_, context) =>
        {
            context.Response.Headers.RetryAfter = "600";
            return Receiver.StatusAsync(context, StatusCodes.Status429TooManyRequests);
        };
        await AppendEventAsync(database, ("a", "one"));
        await RoundAsync(database);
        _clock.Advance(TimeSpan.FromSeconds(599));
        await RoundAsync(database);
        Assert.Single(receiver.All);
        receiver.Answer = (_, context) => Receiver.StatusAsync(context, StatusCodes.Status410Gone);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await RoundAsync(database);
        Assert.Equal((2, Webhook.Disabled), (receiver.All.Count, (await FindAsync(database, webhook)).State));
    }

    [SkippableFact]
    public async Task A_redirect_is_not_followed_and_an_answer_without_an_end_is_not_read()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        await using var elsewhere = await Receiver.StartAsync();
        var webhook = await AddAsync(database, receiver.Url);
        receiver.Answer = (_, context) =>
        {
            context.Response.Redirect(elsewhere.Url);
            return Task.CompletedTask;
        };
        await AppendEventAsync(database, ("a", "one"));
        await RoundAsync(database);
        Assert.Empty(elsewhere.All);
        Assert.Equal(302, Assert.Single(await database.ReadAsync(session => session.DeliveriesAsync(webhook.Id, Delivery.Waiting, 0, 10))).Status);

        receiver.Answer = async (_, context) =>
        {
            var block = new byte[64 << 10];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
        };
        _clock.Advance(TimeSpan.FromMinutes(1));
        await RoundAsync(database);
        Assert.Empty(await database.ReadAsync(session => session.DeliveriesAsync(webhook.Id, Delivery.Waiting, 0, 10)));
    }

    [SkippableTheory, OnBothStores]
    public async Task Deliveries_are_forgotten_after_60_days_but_not_those_that_wait(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var webhook = await AddAsync(database, receiver.Url);
        receiver.Answer = (received, context) => Receiver.StatusAsync(context, received.Subject == "a" ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
        await AppendEventAsync(database, ("a", "one"), ("b", "one"));
        await RoundAsync(database);
        await RoundAsync(database);
        await database.ChangeAsync(async session => await session.ChangeWebhookAsync((await session.WebhookAsync(webhook.Id))! with { State = Webhook.Disabled }, "disabled", "test", _clock.GetUtcNow()));
        _clock.Advance(TimeSpan.FromDays(60));
        await RoundAsync(database);
        Assert.Equal(2, (await database.ReadAsync(session => session.DeliveriesAsync(webhook.Id, null, 0, 10))).Count);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await RoundAsync(database);
        Assert.Equal("a", Assert.Single(await database.ReadAsync(session => session.DeliveriesAsync(webhook.Id, null, 0, 10))).Subject);
    }

    [SkippableTheory, OnBothStores]
    public async Task Two_workers_at_once_queue_every_event_once_and_deliver_all(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var webhook = await AddAsync(database, receiver.Url, "t.*");
        await AppendEventAsync(database, [.. Enumerable.Range(0, 30).Select(number => ($"s{number % 7}", "one"))]);
        // Without leases: what two holders do is as right as what one does.
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => RoundAsync(database))));
        await RoundAsync(database);
        var deliveries = await database.ReadAsync(session => session.DeliveriesAsync(webhook.Id, null, 0, 100));
        Assert.Equal(30, deliveries.Count);
        Assert.All(deliveries, one => Assert.Equal(Delivery.Delivered, one.State));
        Assert.Equal(30, receiver.All.Select(one => one.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("2002:a9fe:a9fe::1", false)]
    [InlineData("2001:0:53aa:64c::1", false)]
    [InlineData("2606:4700::1111", true)]
    public void Only_public_addresses_are_connected_to(string address, bool isAllowed)
    {
        Assert.Equal(isAllowed, new WebhookTargets(isDevelopment: false, []).IsAllowed(IPAddress.Parse(address)));
        Assert.Equal(isAllowed || address is "127.0.0.1" or "::1", new WebhookTargets(isDevelopment: true, []).IsAllowed(IPAddress.Parse(address)));
        Assert.Equal(isAllowed || address == "10.1.2.3", new WebhookTargets(isDevelopment: false, [IPNetwork.Parse("10.1.0.0/16")]).IsAllowed(IPAddress.Parse(address)));
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_is_refused_when_it_is_connected_to()
    {
        await using var receiver = await Receiver.StartAsync();
        var url = new UriBuilder(receiver.Url) { Scheme = "https", Host = "localhost" }.Uri;
        Assert.True(new WebhookTargets(isDevelopment: false, []).TryParse(url.AbsoluteUri, out _, out _));
        using var client = new WebhookClient(new WebhookTargets(isDevelopment: false, []));
        var receipt = await client.SendAsync(NewWebhook(url.AbsoluteUri), [WebhookSignature.NewSecret()], NewDelivery(), TestTransfers.Now, () => true, default);
        Assert.Contains("localhost has no public address", receipt!.Problem, StringComparison.Ordinal);
        // Where it is allowed the connection is made: the receiver has no TLS, which is another failure.
        using var allowed = new WebhookClient(new WebhookTargets(isDevelopment: true, []));
        Assert.DoesNotContain("public address", (await allowed.SendAsync(NewWebhook(url.AbsoluteUri), [WebhookSignature.NewSecret()], NewDelivery(), TestTransfers.Now, () => true, default))!.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.com/hook", "it must be https")]
    [InlineData("http://127.0.0.1/hook", "it must be https")]
    [InlineData("https://169.254.169.254/latest", "is not a public address")]
    [InlineData("https://[::1]/hook", "is not a public address")]
    [InlineData("https://0x7f000001/hook", "is not a public address")]
    [InlineData("https://user:password@example.com/hook", "without a user")]
    [InlineData("ftp://example.com/hook", "write https://")]
    [InlineData("/hook", "write https://")]
    public void An_address_that_cannot_be_meant_is_refused_when_it_is_written_down(string text, string message)
    {
        Assert.False(new WebhookTargets(isDevelopment: false, []).TryParse(text, out _, out var problem));
        Assert.Contains(message, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Pauses_double_up_to_an_hour_and_keep_what_the_receiver_asks_for()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), WebhookSchedule.Pause(1, null, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(40), WebhookSchedule.Pause(4, null, 0.5));
        Assert.Equal(TimeSpan.FromHours(1), WebhookSchedule.Pause(30, null, 0));
        Assert.Equal(TimeSpan.FromMinutes(10), WebhookSchedule.Pause(1, TimeSpan.FromMinutes(10), 0.5));
        Assert.Equal(TimeSpan.FromHours(1), WebhookSchedule.Pause(1, TimeSpan.FromDays(10), 0.5));
        Assert.True(WebhookSchedule.Pause(3, null, 0) < WebhookSchedule.Pause(3, null, 1));
    }

    private static Webhook NewWebhook(string url, params string[] types) => new()
    {
        Id = "whk_1",
        Url = url,
        Types = JsonSerializer.Serialize(types.Length > 0 ? types : ["*"]),
        Secret = WebhookSignature.NewSecret(),
        State = Webhook.Active,
        CreatedBy = "test",
    };

    private static Delivery NewDelivery() => new() { Webhook = "whk_1", State = Delivery.Waiting, EventId = "evt_1", EventType = "t.one", Subject = "a", Data = "{}" };

    private async Task<Webhook> AddAsync(Database database, string url, params string[] types)
    {
        var webhook = NewWebhook(url, types.Length > 0 ? types : ["t.*"]);
        await database.ChangeAsync(session => session.AddWebhookAsync(webhook, _clock.GetUtcNow()));
        return webhook;
    }

    private static async Task<Webhook> FindAsync(Database database, Webhook webhook) => (await database.ReadAsync(session => session.WebhookAsync(webhook.Id)))!;

    private Task AppendEventAsync(Database database, params (string Subject, string Type)[] events) => database.ChangeAsync(async session =>
    {
        foreach (var (subject, type) in events)
            await session.AppendEventAsync($"t.{type}", subject, new Dictionary<string, string?> { ["n"] = "1" }, _clock.GetUtcNow());
    });

    private async Task RoundAsync(Database database, Reloaded<SealKeys>? keys = null)
    {
        using var client = new WebhookClient(new WebhookTargets(isDevelopment: true, []));
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Synchronized(_log), _clock, "subject"), "1");
        foreach (var part in await new WebhookWorker(database, client, new WebhookSecrets(keys), metrics, _clock).PartsAsync(default))
            await part.WorkAsync(default);
    }
}
