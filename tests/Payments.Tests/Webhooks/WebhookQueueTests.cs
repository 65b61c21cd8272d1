using System.Net;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Serving;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Webhooks;
using HaCluster.Payments.Working;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Webhooks;

/// <summary>What stops one delivery stops no other, and what stops a webhook is seen.</summary>
[Collection(StoreCollection.Name)]
public sealed class WebhookQueueTests(PostgreSql postgreSql) : IDisposable
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
    public async Task A_replay_of_an_event_that_is_not_queued_yet_stops_nothing_and_keeps_the_order(StoreKind kind)
    {
        await using var service = await TestService.StartAsync(kind == StoreKind.Sqlite ? null : await postgreSql.CreateAsync());
        await using var receiver = await Receiver.StartAsync();
        await service.Service.Database.ChangeAsync(session => session.AddWebhookAsync(NewWebhook("whk_1", receiver.Url, "*") with { State = Webhook.Disabled }, service.Clock.GetUtcNow()));
        // Three events of one object, of which the last is sent again.
        await service.AddWalletAsync();
        var last = (await service.Service.Database.EventsAsync(0, 100))[^1];
        Assert.Equal(HttpStatusCode.Accepted, (await service.PostAsync("/v1/webhooks/whk_1/replay", $$"""{"event":"{{last.Id}}"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync("/v1/webhooks/whk_1/resume", "{}")).Status);
        await Waiting.UntilAsync("the webhook is resumed", () => receiver.All.Any(one => one.Type == "webhook.resumed"), () => service.Log);
        await Waiting.UntilAsync("all have arrived", () => receiver.All.Count >= 6, () => service.Log);
        var ofWallet = receiver.All.Where(one => one.Subject == last.Subject).Select(one => one.Event.GetProperty("sequence").GetInt64()).ToArray();
        Assert.Equal(ofWallet.Order(), ofWallet);
        Assert.Equal((3, last.Position), (ofWallet.Length, ofWallet[^1]));
        // At once after a replay from a position, too.
        await service.PostAsync("/v1/webhooks/whk_1/replay", """{"from":1}""");
        await service.PostAsync("/v1/webhooks/whk_1/replay", $$"""{"event":"{{last.Id}}"}""");
        await service.SendAsync(HttpMethod.Put, "/v1/kill-switch", """{"on":true,"reason":"drill"}""");
        await Waiting.UntilAsync("what comes later arrives", () => receiver.All.Any(one => one.Type == "kill-switch.on"), () => service.Log);
    }

    [SkippableTheory, OnBothStores]
    public async Task A_delivery_that_is_there_already_is_not_queued_twice_and_stops_nothing(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        await AddAsync(database, NewWebhook("whk_1", receiver.Url));
        await AppendAsync(database, "a", "b", "c");
        // As an earlier version did after a replay.
        var queued = (await database.EventsAsync(0, 100)).Single(one => one.Subject == "b");
        await database.ChangeAsync(session => session.QueueAsync("whk_1", 1, queued.Position, queued.Subject, _clock.GetUtcNow()));
        Assert.True(await RoundAsync(database));
        Assert.Equal(["a", "b", "c"], receiver.All.Select(one => one.Subject).Order());
    }

    [SkippableTheory, OnBothStores]
    public async Task What_ends_a_round_does_not_hide_how_late_the_webhook_is(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        await AddAsync(database, NewWebhook("whk_1", receiver.Url) with { Secret = SealKeys.Parse(new string('l', 48)).Seal("webhook whk_1", WebhookSignature.NewSecret()) });
        await AppendAsync(database, "a");
        _clock.Advance(TimeSpan.FromMinutes(20));
        var metrics = NewMetrics();
        Assert.False(await RoundAsync(database, metrics: metrics, keys: Reloaded<SealKeys>.Fixed(SealKeys.Parse(new string('n', 48)))));
        Assert.Contains("payments_webhook_oldest_undelivered_seconds{hook=\"whk_1\"} 1200", await ShownAsync(metrics), StringComparison.Ordinal);
    }

    [SkippableTheory, OnBothStores]
    public async Task A_pause_that_a_wrong_clock_has_set_is_not_kept(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        await AddAsync(database, NewWebhook("whk_1", receiver.Url));
        await AppendAsync(database, "a");
        receiver.Answer = (_, context) => Receiver.StatusAsync(context, 500);
        _clock.Advance(TimeSpan.FromHours(10));
        await RoundAsync(database);
        receiver.Answer = (_, context) => Receiver.StatusAsync(context, 200);
        _clock.Advance(-TimeSpan.FromHours(10));
        await RoundAsync(database);
        Assert.Equal(2, receiver.All.Count);
    }

    [SkippableTheory, OnBothStores]
    public async Task A_worker_that_wakes_after_its_lease_sends_nothing_old(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        await AddAsync(database, NewWebhook("whk_1", receiver.Url));
        await AppendAsync(database, "a", "a", "b");
        var other = new ManualClock(_clock.GetUtcNow());
        using var paused = new PausedNetwork(async () =>
        {
            // The process of the one is paused before its first event is on the way; another one has its lease by then.
            _clock.Advance(TimeSpan.FromSeconds(40));
            other.Advance(TimeSpan.FromSeconds(40));
            Assert.True(await RoundAsync(database, other, holder: "other"));
        });
        Assert.True(await RoundAsync(database, around: paused.Around));
        Assert.Equal(["a", "a", "b"], receiver.All.Select(one => one.Subject).Order());
        Assert.Equal([1L, 2L], receiver.All.Where(one => one.Subject == "a").Select(one => one.Event.GetProperty("sequence").GetInt64() - receiver.All.Min(all => all.Event.GetProperty("sequence").GetInt64()) + 1));
        Assert.All(await database.ReadAsync(session => session.DeliveriesAsync("whk_1", null, 0, 10)), one => Assert.Equal((Delivery.Delivered, 1L), (one.State, one.Attempts)));
    }

    [SkippableTheory, OnBothStores]
    public async Task Receivers_that_do_not_answer_hold_up_no_other(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var good = await Receiver.StartAsync();
        await using var bad = await Receiver.StartAsync();
        var answered = 0;
        var hanging = new TaskCompletionSource();
        bad.Answer = async (_, context) =>
        {
            await hanging.Task;
            answered++;
            await Receiver.StatusAsync(context, 200);
        };
        foreach (var number in Enumerable.Range(1, 4))
            await AddAsync(database, NewWebhook($"whk_{number}", bad.Url));
        await AddAsync(database, NewWebhook("whk_9", good.Url));
        await AppendAsync(database, "a");
        using var client = new WebhookClient(new WebhookTargets(isDevelopment: true, []));
        using var stop = new CancellationTokenSource();
        var metrics = NewMetrics();
        var running = new WorkerLoop(new WebhookWorker(database, client, new WebhookSecrets(null), metrics, _clock), new WorkerContext(database, metrics, _clock, "one", TimeSpan.FromSeconds(30))).RunAsync(stop.Token);
        await Waiting.UntilAsync("it arrives", () => good.All.Count == 1, () => _log.ToString());
        await AppendAsync(database, "b");
        await Waiting.UntilAsync("the next one, too", () => good.All.Count == 2, () => _log.ToString());
        Assert.Equal(0, answered);
        Assert.DoesNotContain("did not answer", _log.ToString(), StringComparison.Ordinal);
        hanging.SetResult();
        await Waiting.UntilAsync("all have it", () => bad.All.Count >= 4, () => _log.ToString());
        await stop.CancelAsync();
        await running;
    }

    [SkippableTheory, OnBothStores]
    public async Task An_event_about_a_webhook_names_its_host_alone(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var webhook = NewWebhook("whk_1", "https://hooks.example:8443/services/T0/B0/path-that-is-a-secret?token=t");
        await AddAsync(database, webhook);
        await database.ChangeAsync(async session => await session.ChangeWebhookAsync((await session.WebhookAsync("whk_1"))! with { State = Webhook.Disabled, Reason = "a reason" }, "disabled", "test", _clock.GetUtcNow()));
        await database.ChangeAsync(async session => await session.ChangeWebhookAsync((await session.WebhookAsync("whk_1"))! with { State = Webhook.Deleted, Secret = null }, "deleted", "test", _clock.GetUtcNow()));
        var events = await database.EventsAsync(0, 100);
        Assert.Equal(["webhook.created", "webhook.disabled", "webhook.deleted"], events.Select(one => one.Type));
        Assert.All(events, one =>
        {
            Assert.Contains("\"host\":\"hooks.example:8443\"", one.Data, StringComparison.Ordinal);
            Assert.DoesNotContain("services", one.Data, StringComparison.Ordinal);
            Assert.DoesNotContain("token=", one.Data, StringComparison.Ordinal);
        });
    }

    private static Webhook NewWebhook(string id, string url, string types = "t.*") => new()
    {
        Id = id,
        Url = url,
        Types = $"[\"{types}\"]",
        Secret = WebhookSignature.NewSecret(),
        State = Webhook.Active,
        CreatedBy = "test",
    };

    private Task AddAsync(Database database, Webhook webhook) => database.ChangeAsync(session => session.AddWebhookAsync(webhook, _clock.GetUtcNow()));

    private Task AppendAsync(Database database, params string[] subjects) => database.ChangeAsync(async session =>
    {
        foreach (var subject in subjects)
            await session.AppendEventAsync("t.one", subject, new Dictionary<string, string?>(), _clock.GetUtcNow());
    });

    private PaymentsMetrics NewMetrics() => new(new EventLog(TextWriter.Synchronized(_log), _clock, "subject"), "1");

    private static async Task<string> ShownAsync(PaymentsMetrics metrics)
    {
        using var text = new MemoryStream();
        await metrics.WriteAsync(text, default);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private async Task<bool> RoundAsync(
        Database database, TimeProvider? clock = null, string holder = "one", PaymentsMetrics? metrics = null, Reloaded<SealKeys>? keys = null, Func<HttpMessageHandler, HttpMessageHandler>? around = null)
    {
        using var client = new WebhookClient(new WebhookTargets(isDevelopment: true, []), around);
        var (time, shown) = (clock ?? _clock, metrics ?? NewMetrics());
        return await new WorkerLoop(new WebhookWorker(database, client, new WebhookSecrets(keys), shown, time), new WorkerContext(database, shown, time, holder, TimeSpan.FromSeconds(30))).RoundAsync(default);
    }

    /// <summary>Before the first request something else happens.</summary>
    private sealed class PausedNetwork(Func<Task> meanwhile) : DelegatingHandler
    {
        private int _requests;

        public PausedNetwork Around(HttpMessageHandler network)
        {
            InnerHandler = network;
            return this;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _requests) == 1)
                await meanwhile();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
