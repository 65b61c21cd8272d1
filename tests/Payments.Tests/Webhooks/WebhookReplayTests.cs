using System.Globalization;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Webhooks;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Webhooks;

/// <summary>Whoever records a delivery and sends it again, or changes it, is refused by a receiver that checks what the page says.</summary>
[Collection(StoreCollection.Name)]
public sealed class WebhookReplayTests(PostgreSql postgreSql) : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly ManualClock _clock = new(TestTransfers.Now);

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory, OnBothStores]
    public async Task A_delivery_is_taken_once_and_not_later_than_five_minutes_after_it_was_signed(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var secret = await AddAsync(database, receiver.Url);
        await RoundAsync(database);
        var sent = Assert.Single(receiver.All);
        Assert.Equal("known", Second(new VerifyingReceiver(secret), sent, _clock.GetUtcNow() + VerifyingReceiver.Tolerance));
        Assert.Null(Take(new VerifyingReceiver(secret), sent, _clock.GetUtcNow() + VerifyingReceiver.Tolerance));
        Assert.Equal("too old", Take(new VerifyingReceiver(secret), sent, _clock.GetUtcNow() + VerifyingReceiver.Tolerance + TimeSpan.FromSeconds(1)));
        Assert.Equal("from the future", Take(new VerifyingReceiver(secret), sent, _clock.GetUtcNow() - VerifyingReceiver.Tolerance - TimeSpan.FromSeconds(1)));
    }

    [SkippableFact]
    public async Task A_delivery_that_was_changed_is_refused()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var secret = await AddAsync(database, receiver.Url);
        await RoundAsync(database);
        var sent = Assert.Single(receiver.All);
        Assert.Null(Take(new VerifyingReceiver(secret), sent, _clock.GetUtcNow()));
        var late = _clock.GetUtcNow().AddHours(1);
        Assert.Equal("wrong signature", Take(new VerifyingReceiver(secret), sent with { Id = sent.Id + "x" }, _clock.GetUtcNow()));
        Assert.Equal("wrong signature", Take(new VerifyingReceiver(secret), sent with { Timestamp = late.ToUnixTimeSeconds() }, late));
        Assert.Equal("wrong signature", Take(new VerifyingReceiver(secret), sent with { Body = sent.Body.Replace("t.one", "t.two", StringComparison.Ordinal) }, _clock.GetUtcNow()));
        Assert.Equal("wrong signature", Take(new VerifyingReceiver(WebhookSignature.NewSecret()), sent, _clock.GetUtcNow()));
    }

    [SkippableTheory, OnBothStores]
    public async Task Each_attempt_is_signed_anew_with_its_own_time_and_the_same_id(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var secret = await AddAsync(database, receiver.Url);
        receiver.Answer = (_, context) => Receiver.StatusAsync(context, 503);
        await RoundAsync(database);
        _clock.Advance(TimeSpan.FromHours(2));
        receiver.Answer = (_, context) => Receiver.StatusAsync(context, 204);
        await RoundAsync(database);
        Assert.Equal(2, receiver.All.Count);
        Assert.Equal(receiver.All[0].Id, receiver.All[1].Id);
        Assert.Null(Take(new VerifyingReceiver(secret), receiver.All[1], _clock.GetUtcNow()));
        Assert.Equal("too old", Take(new VerifyingReceiver(secret), receiver.All[0], _clock.GetUtcNow()));
    }

    /// <summary>From the tests of its libraries (https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/index.test.ts).</summary>
    [Fact]
    public void A_signature_is_the_one_that_the_libraries_make()
    {
        var signed = WebhookSignature.Sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}"""u8, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]);
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signed);
    }

    private static string? Second(VerifyingReceiver receiver, Received sent, DateTimeOffset now) => Take(receiver, sent, now) ?? Take(receiver, sent, now);

    private static string? Take(VerifyingReceiver receiver, Received sent, DateTimeOffset now) =>
        receiver.Take(sent.Id, sent.Timestamp.ToString(CultureInfo.InvariantCulture), sent.Signature, sent.Body, now);

    /// <returns>The secret.</returns>
    private async Task<string> AddAsync(Database database, string url)
    {
        var secret = WebhookSignature.NewSecret();
        var webhook = new Webhook { Id = "whk_1", Url = url, Types = """["t.*"]""", Secret = secret, State = Webhook.Active, CreatedBy = "test" };
        await database.ChangeAsync(async session =>
        {
            await session.AddWebhookAsync(webhook, _clock.GetUtcNow());
            await session.AppendEventAsync("t.one", "a", new Dictionary<string, string?> { ["n"] = "1" }, _clock.GetUtcNow());
        });
        return secret;
    }

    private async Task RoundAsync(Database database)
    {
        using var client = new WebhookClient(new WebhookTargets(isDevelopment: true, []));
        foreach (var part in await new WebhookWorker(database, client, new WebhookSecrets(null), new PaymentsMetrics(new EventLog(TextWriter.Null, _clock, "subject"), "1"), _clock).PartsAsync(default))
            await part.WorkAsync(default);
    }
}
