using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Tests.Fakes;

namespace HaCluster.Operations.Tests.Kubernetes;

public sealed class EvictionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_eviction_names_the_pod_its_uid_and_its_grace()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.JsonAsync("""{"kind":"Status","apiVersion":"v1","status":"Success"}""", 201));
        using var api = server.Open();

        var answer = await api.EvictAsync("shop", "web-1", "u1", None, TimeSpan.FromSeconds(7), isDryRun: true);

        Assert.Equal(EvictionOutcome.Evicted, answer.Outcome);
        var request = Assert.Single(server.Requests);
        Assert.Equal("/api/v1/namespaces/shop/pods/web-1/eviction?dryRun=All", request.Path);
        Assert.Equal(("policy/v1", "web-1", "u1", 7), (
            (string?)request.Json["apiVersion"], (string?)request.Json["metadata"]!["name"], (string?)request.Json["deleteOptions"]!["preconditions"]!["uid"],
            (int)request.Json["deleteOptions"]!["gracePeriodSeconds"]!));
    }

    [Fact]
    public async Task A_refusal_names_its_budget_and_when_to_try_again_and_is_not_repeated()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = "10";
            return context.StatusAsync(
                429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.",
                """{"causes":[{"reason":"DisruptionBudget","message":"The disruption budget web needs 2 healthy pods and has 2 currently"}]}""");
        });
        using var api = server.Open();

        var answer = await api.EvictAsync("shop", "web-1", null, None);

        Assert.Equal(new EvictionAnswer(EvictionOutcome.Refused, "shop/web", "The disruption budget web needs 2 healthy pods and has 2 currently", TimeSpan.FromSeconds(10)), answer);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Throttling_is_not_taken_for_a_budget()
    {
        var calls = 0;
        await using var server = await FakeApiServer.StartAsync((context, _) => ++calls == 1
            ? context.StatusAsync(429, "TooManyRequests", "too many requests, please try again later")
            : context.JsonAsync("""{"kind":"Status","apiVersion":"v1","status":"Success"}""", 201));
        using var api = server.Open();

        Assert.Equal(EvictionOutcome.Evicted, (await api.EvictAsync("shop", "web-1", null, None)).Outcome);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Two_budgets_over_one_pod_are_a_refusal()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(
            500, "InternalError", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."));
        using var api = server.Open();

        var answer = await api.EvictAsync("shop", "web-1", null, None);

        Assert.Equal(EvictionOutcome.Refused, answer.Outcome);
        Assert.Contains("more than one PodDisruptionBudget", answer.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "NotFound", "pods \"web-1\" not found")]
    [InlineData(409, "Conflict", "Precondition failed: UID in precondition: u1, UID in object meta: u2")]
    public async Task A_pod_that_is_gone_or_another_one_is_gone(int status, string reason, string message)
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(status, reason, message));
        using var api = server.Open();

        Assert.Equal(EvictionAnswer.Gone, await api.EvictAsync("shop", "web-1", "u1", None));
    }

    [Fact]
    public async Task The_proxy_gives_back_what_the_program_says_and_throws_what_the_api_server_says()
    {
        await using var server = await FakeApiServer.StartAsync((context, request) => request.Path.Contains("/pods/", StringComparison.Ordinal)
            ? context.JsonAsync("""{"ok":false,"reason":"lagging"}""", 503)
            : context.StatusAsync(503, "ServiceUnavailable", "no endpoints available for service \"web\""));
        using var api = server.Open();

        var answer = await api.ProxyAsync(ProxyTarget.Pod("chains", "bitcoin-0", "9800"), HttpMethod.Get, "/ready", null, None);
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => api.ProxyAsync(ProxyTarget.Service("shop", "web", "http"), HttpMethod.Get, "/", null, None));

        Assert.Equal((503, """{"ok":false,"reason":"lagging"}"""), (answer.Status, answer.Body));
        Assert.Equal("/api/v1/namespaces/chains/pods/bitcoin-0:9800/proxy/ready", server.Requests.First().Path);
        Assert.Equal(FailureKind.ServerFailed, failure.Kind);
        Assert.Contains("no endpoints available", failure.Message, StringComparison.Ordinal);
    }
}
