using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Webhooks;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Payments.Tests.Webhooks;

/// <summary>What happens while a receiver is asked, and to how many requests.</summary>
public sealed partial class WebhookWorkerTests
{
    [SkippableFact]
    public async Task A_receiver_that_is_away_gets_one_request_in_a_round_however_many_events_wait()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        await AddAsync(database, receiver.Url);
        receiver.Answer = (_, context) => Receiver.StatusAsync(context, StatusCodes.Status503ServiceUnavailable);
        await AppendEventAsync(database, ("a", "one"), ("b", "one"), ("c", "one"));
        await RoundAsync(database);
        Assert.Single(receiver.All);
        await RoundAsync(database);
        Assert.Equal(["a", "b"], receiver.All.Select(one => one.Subject));
    }

    [SkippableFact]
    public async Task A_webhook_that_a_person_has_disabled_meanwhile_keeps_that_reason()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var webhook = await AddAsync(database, receiver.Url);
        receiver.Answer = async (_, context) =>
        {
            await database.ChangeAsync(async session => await session.ChangeWebhookAsync((await session.WebhookAsync(webhook.Id))! with { State = Webhook.Disabled, Reason = "a person did" }, "disabled", "test", _clock.GetUtcNow()));
            await Receiver.StatusAsync(context, StatusCodes.Status410Gone);
        };
        await AppendEventAsync(database, ("a", "one"));
        await RoundAsync(database);
        Assert.Equal("a person did", (await FindAsync(database, webhook)).Reason);
        Assert.DoesNotContain("the webhook is disabled", _log.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_attempt_that_another_worker_was_faster_with_disables_nothing()
    {
        await using var database = await Stores.OpenAsync(StoreKind.Sqlite, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var webhook = await AddAsync(database, receiver.Url);
        receiver.Answer = async (_, context) =>
        {
            await database.ChangeAsync(async session =>
            {
                var read = Assert.Single(await session.DeliveriesAsync(webhook.Id, null, 0, 10));
                await session.AttemptedAsync(read, read with { Attempts = 1, State = Delivery.Delivered });
            });
            await Receiver.StatusAsync(context, StatusCodes.Status410Gone);
        };
        await AppendEventAsync(database, ("a", "one"));
        await RoundAsync(database);
        Assert.Equal(Webhook.Active, (await FindAsync(database, webhook)).State);
        Assert.Equal(Delivery.Delivered, Assert.Single(await database.ReadAsync(session => session.DeliveriesAsync(webhook.Id, null, 0, 10))).State);
        Assert.DoesNotContain("the webhook is disabled", _log.ToString(), StringComparison.Ordinal);
    }
}
