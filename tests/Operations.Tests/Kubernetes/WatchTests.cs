using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using static HaCluster.Operations.Tests.Fakes.FakeAnswers;

namespace HaCluster.Operations.Tests.Kubernetes;

public sealed class WatchTests
{
    [Fact]
    public async Task A_watch_says_what_is_there_and_then_every_change()
    {
        await using var server = await FakeApiServer.StartAsync(async (context, request) =>
        {
            if (!request.IsWatch)
            {
                await context.ListAsync("10", Pod("a", "1"));
                return;
            }

            await context.LineAsync(Change("ADDED", Pod("b", "11")));
            await context.LineAsync(Change("BOOKMARK", """{"metadata":{"resourceVersion":"12"}}"""));
            await context.LineAsync(Change("MODIFIED", Pod("a", "13")));
            await context.LineAsync(Change("DELETED", Pod("b", "14")));
            await context.SilenceAsync();
        });

        Assert.Equal(["Added a", "Synced", "Added b", "Modified a", "Deleted b"], await TakeAsync(server, 5));
        Assert.Contains(server.Requests, request => request.IsWatch && request.Path.Contains("resourceVersion=10", StringComparison.Ordinal) && request.Path.Contains("allowWatchBookmarks=true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broken_watch_goes_on_from_the_last_version()
    {
        var watches = 0;
        var seen = new TaskCompletionSource();
        await using var server = await FakeApiServer.StartAsync(async (context, request) =>
        {
            if (!request.IsWatch)
            {
                await context.ListAsync("10", Pod("a", "1"));
            }
            else if (++watches == 1)
            {
                await context.LineAsync(Change("ADDED", Pod("b", "20")));
                // What is still on its way is lost when a connection breaks.
                await seen.Task;
                context.Abort();
            }
            else
            {
                await context.LineAsync(Change("MODIFIED", Pod("a", "21")));
                await context.SilenceAsync();
            }
        });

        Assert.Equal(["Added a", "Synced", "Added b", "Modified a"], await TakeAsync(server, 4, onSeen: change => _ = change == "Added b" && seen.TrySetResult()));
        Assert.Contains("resourceVersion=20", server.Requests.Last(request => request.IsWatch).Path, StringComparison.Ordinal);
        Assert.Single(server.Requests, request => !request.IsWatch);
    }

    [Fact]
    public async Task A_line_that_is_cut_off_is_not_taken_and_the_watch_goes_on()
    {
        var watches = 0;
        await using var server = await FakeApiServer.StartAsync(async (context, request) =>
        {
            if (!request.IsWatch)
            {
                await context.ListAsync("10", "");
            }
            else if (++watches == 1)
            {
                await context.Response.WriteAsync("""{"type":"ADDED","object":{"metadata":{"name":"a","re""");
                await context.Response.Body.FlushAsync();
            }
            else
            {
                await context.LineAsync(Change("ADDED", Pod("a", "11")));
                await context.SilenceAsync();
            }
        });

        Assert.Equal(["Synced", "Added a"], await TakeAsync(server, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_410_the_differences_are_reported(bool isInStream)
    {
        var (lists, watches) = (0, 0);
        await using var server = await FakeApiServer.StartAsync(async (context, request) =>
        {
            if (!request.IsWatch)
                await (++lists == 1 ? context.ListAsync("10", $"{Pod("a", "1")},{Pod("b", "2")},{Pod("c", "3")}") : context.ListAsync("90", $"{Pod("a", "1")},{Pod("b", "80")},{Pod("d", "81")}"));
            else if (++watches > 1)
                await context.SilenceAsync();
            else if (isInStream)
                await context.LineAsync("""{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","code":410,"reason":"Expired","message":"too old resource version"}}""");
            else
                await context.StatusAsync(410, "Expired", "too old resource version: 10 (60)");
        });

        Assert.Equal(["Added a", "Added b", "Added c", "Synced", "Modified b", "Added d", "Deleted c"], await TakeAsync(server, 7));
    }

    [Fact]
    public async Task A_silent_watch_is_opened_again()
    {
        var watches = 0;
        await using var server = await FakeApiServer.StartAsync(async (context, request) =>
        {
            if (!request.IsWatch)
                await context.ListAsync("10", "");
            else if (++watches > 1)
                await context.LineAsync(Change("ADDED", Pod("a", "11")));
            await context.Response.Body.FlushAsync();
            if (request.IsWatch)
                await context.SilenceAsync();
        });

        Assert.Equal(["Synced", "Added a"], await TakeAsync(server, 2, FakeApiServer.Quick with { WatchSilence = TimeSpan.FromMilliseconds(50) }));
    }

    [Fact]
    public async Task Throttling_server_errors_and_refused_connections_do_not_end_a_watch()
    {
        var watches = 0;
        await using var server = await FakeApiServer.StartAsync(async (context, request) =>
        {
            if (!request.IsWatch)
                await context.ListAsync("10", "");
            else if (++watches == 1)
                await context.StatusAsync(429, "TooManyRequests", "slow down");
            else if (watches == 2)
                await context.StatusAsync(503, "ServiceUnavailable", "apiserver is shutting down");
            else if (watches == 3)
                context.Abort();
            else
                await context.LineAsync(Change("ADDED", Pod("a", "11")));
        });

        Assert.Equal(["Synced", "Added a"], await TakeAsync(server, 2));
    }

    [Fact]
    public async Task A_pod_that_was_replaced_during_a_gap_is_deleted_and_added()
    {
        var lists = 0;
        await using var server = await FakeApiServer.StartAsync((context, request) =>
            !request.IsWatch ? context.ListAsync("10", Pod("db-0", ++lists == 1 ? "1" : "50", lists == 1 ? "old" : "new"))
            : lists == 1 ? context.StatusAsync(410, "Expired", "too old")
            : context.SilenceAsync());

        Assert.Equal(["Added db-0", "Synced", "Deleted db-0", "Added db-0"], await TakeAsync(server, 4));
    }

    [Fact]
    public async Task A_watch_without_the_permission_fails_at_once()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(403, "Forbidden", "pods is forbidden: User \"ada\" cannot list resource \"pods\""));

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => TakeAsync(server, 1));

        Assert.Equal(FailureKind.PermissionDenied, failure.Kind);
    }

    private static async Task<List<string>> TakeAsync(FakeApiServer server, int count, KubernetesOptions? options = null, Action<string>? onSeen = null)
    {
        using var api = server.Open(options);
        using var limit = new CancellationTokenSource(Waiting.Limit);
        var seen = new List<string>();
        await foreach (var change in api.WatchAsync(Kinds.Pods, ListScope.All, limit.Token))
        {
            seen.Add(change.Subject is null ? $"{change.Kind}" : $"{change.Kind} {change.Subject.Metadata.Name}");
            onSeen?.Invoke(seen[^1]);
            if (seen.Count == count)
                break;
        }

        return seen;
    }
}
