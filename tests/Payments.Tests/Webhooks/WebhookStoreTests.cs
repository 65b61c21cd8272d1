using System.Text.Json;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Webhooks;

namespace HaCluster.Payments.Tests.Webhooks;

/// <summary>What two replicas, or one and a person, do to a webhook at once.</summary>
public sealed class WebhookStoreTests : OwnStore
{
    private Database _database = null!;
    private Webhook _webhook = null!;

    public override async Task InitializeAsync()
    {
        _database = await OpenAsync();
        _webhook = new Webhook { Id = "whk_1", Url = "https://example.com/", Types = JsonSerializer.Serialize(new[] { "t.*" }), State = Webhook.Active, CreatedBy = "test" };
        await _database.ChangeAsync(session => session.AddWebhookAsync(_webhook, TestTransfers.Now));
        foreach (var type in new[] { "one", "two", "three" })
            await _database.ChangeAsync(session => session.AppendEventAsync($"t.{type}", "a", new Dictionary<string, string?>(), TestTransfers.Now));
        _webhook = await FindAsync();
    }

    [Fact]
    public async Task Events_are_queued_once_and_only_for_a_webhook_that_is_as_it_was_read()
    {
        await ChangeAsync(_webhook with { Generation = _webhook.Generation + 1 });
        Assert.False(await QueueAsync(_webhook));
        await ChangeAsync(_webhook with { State = Webhook.Disabled });
        Assert.False(await QueueAsync(_webhook));
        await ChangeAsync(_webhook);
        Assert.True(await QueueAsync(_webhook));
        Assert.False(await QueueAsync(_webhook));
        Assert.Equal(3, (await DeliveriesAsync()).Count);
    }

    [Fact]
    public async Task Of_two_attempts_at_once_one_is_stored_and_what_was_delivered_stays_so()
    {
        await QueueAsync(_webhook);
        var read = (await DeliveriesAsync())[0];
        var failed = read with { Attempts = 1, Status = 500 };
        Assert.True(await AttemptedAsync(read, failed));
        Assert.False(await AttemptedAsync(read, failed with { Status = 501 }));
        Assert.True(await AttemptedAsync(failed, failed with { Attempts = 2, State = Delivery.Delivered }));
        Assert.False(await AttemptedAsync(failed with { Attempts = 2 }, failed with { Attempts = 3 }));
        Assert.Equal((Delivery.Delivered, 2, 500), Of((await DeliveriesAsync())[0]));

        Task<bool> AttemptedAsync(Delivery before, Delivery after) => _database.ChangeAsync(session => session.AttemptedAsync(before, after));
    }

    [Fact]
    public async Task A_replay_takes_back_what_waits_from_its_position_on_and_resuming_begins_anew_with_the_rest()
    {
        await QueueAsync(_webhook);
        var queued = await DeliveriesAsync();
        await _database.ChangeAsync(async session =>
        {
            await session.AttemptedAsync(queued[0], queued[0] with { Attempts = 1, FirstAt = 1, Status = 500 });
            await session.AttemptedAsync(queued[2], queued[2] with { Attempts = 1, FirstAt = 1, Status = 204, State = Delivery.Delivered });
            await session.ReplaceWaitingAsync(_webhook.Id, queued[1].Position);
        });
        Assert.Equal([(Delivery.Waiting, 1, 500), (Delivery.Replaced, 0, null), (Delivery.Delivered, 1, 204)], (await DeliveriesAsync()).Select(Of));
        await _database.ChangeAsync(session => session.RestartWaitingAsync(_webhook.Id, TestTransfers.Now));
        Assert.Equal([(Delivery.Waiting, 0, 500), (Delivery.Replaced, 0, null), (Delivery.Delivered, 1, 204)], (await DeliveriesAsync()).Select(Of));
        Assert.Equal([null, null, 1L], (await DeliveriesAsync()).Select(one => one.FirstAt));
    }

    [Theory]
    [InlineData("transfer.*", "transfer.final", true)]
    [InlineData("transfer.*", "transfers.final", false)]
    [InlineData("transfer.*", "transfer", false)]
    [InlineData("transfer.final", "transfer.finalized", false)]
    [InlineData("*", "transfer.final", true)]
    public void A_group_has_its_own_types_alone(string pattern, string type, bool isOfIt) => Assert.Equal(isOfIt, EventTypes.Match([pattern], type));

    private static (string State, int Attempts, int? Status) Of(Delivery delivery) => (delivery.State, (int)delivery.Attempts, (int?)delivery.Status);

    private async Task<Webhook> FindAsync() => (await _database.ReadAsync(session => session.WebhookAsync(_webhook.Id)))!;

    /// <summary>The oldest first.</summary>
    private async Task<IReadOnlyList<Delivery>> DeliveriesAsync() => [.. (await _database.ReadAsync(session => session.DeliveriesAsync(_webhook.Id, null, 0, 100))).Reverse()];

    private async Task<bool> QueueAsync(Webhook read)
    {
        var events = (await _database.EventsAsync(0, 100)).Where(one => one.Subject == "a").ToList();
        return await _database.ChangeAsync(session => session.QueueAsync(read, events, TestTransfers.Now));
    }

    private Task ChangeAsync(Webhook webhook) => _database.ChangeAsync(session => session.ChangeWebhookAsync(webhook, "changed", "test", TestTransfers.Now));
}
