using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Payments.Tests.Webhooks;

/// <summary>What a receiver got.</summary>
internal sealed record Received(string Id, long Timestamp, string Signature, string Body)
{
    public JsonElement Event => JsonDocument.Parse(Body).RootElement;

    public string Subject => Event.GetProperty("subject").GetString()!;

    public string Type => Event.GetProperty("type").GetString()!;

    /// <summary>What a signature has to be (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).</summary>
    public string SignatureWith(string secret) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")));
}

/// <summary>A server on the loopback that webhooks lead to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();

    private Receiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers;
            var received = new Received(headers["webhook-id"].ToString(), long.Parse(headers["webhook-timestamp"].ToString(), System.Globalization.CultureInfo.InvariantCulture), headers["webhook-signature"].ToString(), await reader.ReadToEndAsync());
            _received.Enqueue(received);
            await Answer(received, context);
        });
    }

    /// <summary>Default: 204.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = (_, context) => StatusAsync(context, StatusCodes.Status204NoContent);

    public IReadOnlyList<Received> All => [.. _received];

    public string Url => $"{_app.Urls.First()}/hook";

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
