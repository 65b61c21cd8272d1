using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>
/// Stands between operators and a twin: knows every change that the twin made for them, and can kill the process that asks, before the twin sees a request
/// or after it has done it and before the response leaves.
/// </summary>
internal sealed class TwinWire
{
    private readonly ConcurrentQueue<WireCall> changes = new();
    private int open;

    /// <summary>The process that is killed at the next point; null: nobody is.</summary>
    public IVictim? Victim { get; set; }

    /// <summary>What goes wrong with a request; null: nothing.</summary>
    public Func<WireCall, WireFault?> Fault { get; set; } = _ => null;

    /// <summary>Changes that the twin made, one by one; those of leases and records not among them.</summary>
    public IReadOnlyList<string> Changes => [.. changes.Select(change => change.Text)];

    /// <summary>How many different changes there were but for evictions, as the number of pods that are still on a node when it is emptied is also a matter of what scales meanwhile.</summary>
    public int Effects => Changes.Where(change => !IsEviction(change)).Distinct().Count();

    /// <summary>Changes of which a second one does more than the first, made more than once: a patch to the same and the eviction of the same pod do not.</summary>
    public IReadOnlyList<string> DoneTwice => [.. Twice.Where(change => !IsEviction(change.Split(" x")[0]) && !change.StartsWith("PATCH ", StringComparison.Ordinal))];

    /// <summary>
    /// Changes that were made more than once; of evictions, those of two pods of one name. That of the same pod is sent again when a busy machine answered it
    /// too late, and does nothing to a pod that ends already.
    /// </summary>
    public IReadOnlyList<string> Twice =>
    [
        .. changes.GroupBy(change => change.Text, change => change.Uid)
            .Select(same => (same.Key, Times: IsEviction(same.Key) ? same.Distinct().Count() : same.Count()))
            .Where(same => same.Times > 1).Select(same => $"{same.Key} x{same.Times}"),
    ];

    /// <summary>No request is being answered.</summary>
    public bool IsIdle => Volatile.Read(ref open) == 0;

    private static bool IsEviction(string change) => change.EndsWith("/eviction", StringComparison.Ordinal);

    public void Forget() => changes.Clear();

    public async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        Interlocked.Increment(ref open);
        try
        {
            await AnswerAsync(http, next);
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    private async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        var call = await WireCall.ReadAsync(http.Request);
        var victim = Victim;
        var fault = Fault(call);
        if (victim is { IsDead: true } || call.IsChange && victim?.Dies($"before {call}") == true || fault is WireFault.BreakBefore)
        {
            http.Abort();
            return;
        }
        if (fault is WireFault.Hang)
        {
            await HangAsync(http);
            return;
        }
        if (fault is WireFault.Answer answer)
        {
            await answer.WriteAsync(http);
            return;
        }
        if (!call.IsChange)
        {
            await (fault is WireFault.BreakLater { After: var length } ? BreakAsync(http, next, length) : next(http));
            return;
        }
        var body = http.Response.Body;
        using var held = new MemoryStream();
        http.Response.Body = held;
        await next(http);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        http.Response.Body = body;
        if (http.Response.StatusCode < 300 && !call.IsOwn)
            changes.Enqueue(call);
        if (fault is WireFault.HangAfter)
            await HangAsync(http);
        else if (victim?.Dies($"after {call}") == true || fault is WireFault.BreakAfter)
            http.Abort();
        else
            await body.WriteAsync(held.ToArray(), http.RequestAborted);
    }

    private static async Task BreakAsync(HttpContext http, RequestDelegate next, TimeSpan after)
    {
        // The context serves another request when this one has ended.
        using var ended = new CancellationTokenSource();
        var breaking = Task.Delay(after, ended.Token).ContinueWith(_ => http.Abort(), ended.Token, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        await next(http);
        await ended.CancelAsync();
        await breaking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task HangAsync(HttpContext http) => await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

/// <summary>What a request meets instead of its answer.</summary>
internal abstract record WireFault
{
    /// <summary>The connection breaks before the request is seen.</summary>
    public sealed record BreakBefore : WireFault;

    /// <summary>The request is done, and the connection breaks before the response.</summary>
    public sealed record BreakAfter : WireFault;

    /// <summary>The request is not done, and no answer ever comes.</summary>
    public sealed record Hang : WireFault;

    /// <summary>The request is done, and no answer ever comes.</summary>
    public sealed record HangAfter : WireFault;

    /// <summary>The connection of a read that does not end, such as a watch, breaks after a while.</summary>
    public sealed record BreakLater(TimeSpan After) : WireFault;

    /// <summary>The twin answers with an error by itself, in the shape of the service.</summary>
    public sealed record FromTwin : WireFault;

    /// <summary>An error in the API's own shape.</summary>
    public sealed record Answer(Func<HttpContext, Task> WriteAsync) : WireFault
    {
        /// <summary>A Status, as the API server answers (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/).</summary>
        public static Answer Status(int code, string reason, string message) => new(async http =>
        {
            http.Response.StatusCode = code;
            await http.Response.WriteAsJsonAsync(new { kind = "Status", apiVersion = "v1", metadata = new { }, status = "Failure", message, reason, code });
        });
    }
}
