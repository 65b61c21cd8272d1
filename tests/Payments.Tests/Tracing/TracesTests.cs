using System.Collections.Concurrent;
using System.Text;
using HaCluster.Payments.Tests.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace HaCluster.Payments.Tests.Tracing;

/// <summary>What a collector gets.</summary>
public sealed class TracesTests
{
    [Fact]
    public async Task A_collector_gets_requests_rounds_of_workers_and_metrics_without_secrets()
    {
        var received = new ConcurrentQueue<string>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            // Protobuf has its texts as they are.
            received.Enqueue($"{context.Request.Path} {Encoding.Latin1.GetString(body.ToArray())}");
        });
        await collector.StartAsync();
        string key, webhook;
        await using (var service = await TestService.StartAsync(collector: new Uri(collector.Urls.First())))
        {
            key = await service.AddKeyAsync("only", Payments.Access.Scopes.All);
            await service.AddWalletAsync(key);
            webhook = (await service.PostAsync("/v1/webhooks", $$"""{"url":"{{collector.Urls.First()}}/path-that-is-a-secret"}""", key)).Body.GetProperty("id").GetString()!;
            await Waiting.UntilAsync("a worker has had a round", async () => (await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains("payments_webhook_oldest_undelivered_seconds{", StringComparison.Ordinal));
            await Waiting.UntilAsync("the webhook was called", () => received.Any(text => text.StartsWith("/path-that-is-a-secret ", StringComparison.Ordinal)));
        }

        var all = string.Concat(received.Where(text => text.StartsWith("/v1/traces ", StringComparison.Ordinal)));
        Assert.Contains(webhook, all, StringComparison.Ordinal);
        Assert.Contains("/v1/wallets/{id}/policy", all, StringComparison.Ordinal);
        Assert.DoesNotContain(key, all, StringComparison.Ordinal);
        Assert.Contains("url.full", all, StringComparison.Ordinal);
        Assert.DoesNotContain("path-that-is-a-secret", all, StringComparison.Ordinal);
        var metrics = string.Concat(received.Where(text => text.StartsWith("/v1/metrics ", StringComparison.Ordinal)));
        foreach (var name in new[] { "payments_requests_total", "payments_kill_switch", "payments_webhook_oldest_undelivered_seconds", webhook, "http.server.request.duration" })
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        foreach (var secret in new[] { key, "path-that-is-a-secret" })
            Assert.DoesNotContain(secret, metrics, StringComparison.Ordinal);
    }
}
