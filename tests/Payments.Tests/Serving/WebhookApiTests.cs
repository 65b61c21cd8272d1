using System.Net;
using System.Text.Json;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Webhooks;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>Webhooks and the stream of events, as a client uses them.</summary>
[Collection(StoreCollection.Name)]
public sealed class WebhookApiTests(PostgreSql postgreSql)
{
    [Fact]
    public async Task Events_arrive_signed_with_a_secret_that_is_shown_once_and_changed_without_a_gap()
    {
        await using var service = await TestService.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var (status, created, _) = await service.PostAsync("/v1/webhooks", $$"""{"url":"{{receiver.Url}}","types":["wallet.*","kill-switch.on"]}""");
        Assert.Equal(HttpStatusCode.Created, status);
        var (id, secret) = (created.GetProperty("id").GetString()!, created.GetProperty("secret").GetString()!);
        Assert.StartsWith("sealed.", await service.Service.Database.ReadAsync(session => session.GetAsync<string>("select secret from webhooks")), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await service.GetAsync("/v1/webhooks")).GetRawText() + (await service.GetAsync($"/v1/webhooks/{id}")).GetRawText(), StringComparison.Ordinal);

        var wallet = await service.AddWalletAsync();
        await Waiting.UntilAsync("the event arrives", () => receiver.All.Count == 1, () => service.Log);
        var received = receiver.All[0];
        Assert.Equal((wallet, "wallet.created", received.SignatureWith(secret)), (received.Subject, received.Type, received.Signature));
        Assert.Equal((await service.GetAsync("/v1/events")).GetProperty("events").EnumerateArray().Single(one => one.GetProperty("id").GetString() == received.Id).GetRawText(), received.Event.GetRawText());
        Assert.Equal(service.Clock.GetUtcNow().ToUnixTimeSeconds(), received.Timestamp);

        var rotated = (await service.PostAsync($"/v1/webhooks/{id}/secret", """{"overlapSeconds":60}""")).Body.GetProperty("secret").GetString()!;
        await service.SendAsync(HttpMethod.Put, "/v1/kill-switch", """{"on":true,"reason":"drill"}""");
        await Waiting.UntilAsync("the event arrives", () => receiver.All.Count == 2, () => service.Log);
        Assert.Equal($"{receiver.All[1].SignatureWith(rotated)} {receiver.All[1].SignatureWith(secret)}", receiver.All[1].Signature);
        service.Clock.Advance(TimeSpan.FromSeconds(60));
        await service.SendAsync(HttpMethod.Put, "/v1/kill-switch", """{"on":true,"reason":"again"}""");
        await Waiting.UntilAsync("the event arrives", () => receiver.All.Count == 3, () => service.Log);
        // Whoever has the files of the database but not the key beside them has no secret.
        foreach (var file in Directory.GetFiles(service.Folder, "payments.db*"))
        {
            var content = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain(secret, content, StringComparison.Ordinal);
            Assert.DoesNotContain(rotated, content, StringComparison.Ordinal);
        }

        Assert.Equal(receiver.All[2].SignatureWith(rotated), receiver.All[2].Signature);

        // One again, then all from the second on.
        Assert.Equal(HttpStatusCode.Accepted, (await service.PostAsync($"/v1/webhooks/{id}/replay", $$"""{"event":"{{received.Id}}"}""")).Status);
        await Waiting.UntilAsync("it arrives again", () => receiver.All.Count == 4, () => service.Log);
        Assert.Equal((received.Id, received.Body), (receiver.All[3].Id, receiver.All[3].Body));
        await service.PostAsync($"/v1/webhooks/{id}/replay", $$"""{"from":{{receiver.All[1].Event.GetProperty("sequence").GetInt64()}}}""");
        await Waiting.UntilAsync("they arrive again", () => receiver.All.Count == 6, () => service.Log);
        Assert.Equal(receiver.All.Skip(1).Take(2).Select(one => one.Id), receiver.All.Skip(4).Select(one => one.Id));
        // The receiver has an event before its answer is written down.
        JsonElement[] deliveries = [];
        await Waiting.UntilAsync("all answers are written down", async () =>
        {
            deliveries = [.. (await service.GetAsync($"/v1/webhooks/{id}/deliveries")).GetProperty("deliveries").EnumerateArray()];
            return deliveries.Length == 6 && deliveries.All(one => one.GetProperty("state").GetString() != "waiting");
        }, () => service.Log);
        Assert.All(deliveries, one => Assert.Equal(("delivered", 204), (one.GetProperty("state").GetString(), one.GetProperty("status").GetInt32())));

        Assert.Equal(HttpStatusCode.NoContent, (await service.SendAsync(HttpMethod.Delete, $"/v1/webhooks/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.SendAsync(HttpMethod.Get, $"/v1/webhooks/{id}")).Status);
        Assert.DoesNotContain(secret, service.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"url":"http://example.com"}""", "url: it must be https")]
    [InlineData("""{"url":"https://10.0.0.1/"}""", "url: 10.0.0.1 is not a public address")]
    [InlineData("""{}""", "url: write https://")]
    [InlineData("""{"url":"https://example.com/","types":[]}""", "types: write")]
    [InlineData("""{"url":"https://example.com/","types":["transfer"]}""", "types: write")]
    public async Task A_webhook_with_a_mistake_is_refused_with_what_to_write(string body, string detail)
    {
        await using var service = await TestService.StartAsync();
        var (status, problem, _) = await service.PostAsync("/v1/webhooks", body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Without_a_key_for_its_secret_no_webhook_is_stored()
    {
        await using var service = await TestService.StartAsync(await postgreSql.CreateAsync());
        var (status, problem, _) = await service.PostAsync("/v1/webhooks", """{"url":"https://example.com/"}""");
        Assert.Equal((HttpStatusCode.Conflict, "urn:hacluster:payments:no-seal-key"), (status, problem.GetProperty("type").GetString()));
        Assert.Contains("--seal-key FILE", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty((await service.GetAsync("/v1/webhooks")).GetProperty("webhooks").EnumerateArray());
    }

    [Fact]
    public async Task The_stream_goes_on_after_the_last_event_that_was_seen_and_ends_with_the_service()
    {
        await using var service = await TestService.StartAsync();
        using (var first = await OpenAsync(service, null))
        {
            await service.AddWalletAsync();
            Assert.Equal(["1 wallet.created", "2 destination.added"], await ReadAsync(first, 2));
        }

        using var second = await OpenAsync(service, "1");
        Assert.Equal(["2 destination.added", "3 policy.changed"], await ReadAsync(second, 2));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.SendAsync(HttpMethod.Get, "/v1/events/stream?after=x")).Status);
        await service.StopAsync();
        Assert.Empty(await ReadAsync(second, 1));
    }

    private static async Task<StreamReader> OpenAsync(TestService service, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events/stream");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(": events", await reader.ReadLineAsync());
        return reader;
    }

    /// <returns>Fewer when the stream ends before.</returns>
    private static async Task<List<string>> ReadAsync(StreamReader reader, int count)
    {
        var events = new List<string>();
        var id = "";
        while (events.Count < count && await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                events.Add($"{id} {JsonDocument.Parse(line[6..]).RootElement.GetProperty("type").GetString()}");
        }

        return events;
    }
}
