using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Tests.Fakes;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Operations.Tests.Kubernetes;

public sealed class RequestTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_list_is_read_in_chunks_with_its_selectors()
    {
        await using var server = await FakeApiServer.StartAsync((context, request) => request.Path.Contains("continue=more", StringComparison.Ordinal)
            ? context.ListAsync("8", FakeAnswers.Pod("b", "2"))
            : context.ListAsync("7", FakeAnswers.Pod("a", "1"), "more"));
        using var api = server.Open();

        var list = await api.ListAsync(Kinds.Pods, new ListScope("shop", "app=web,tier in (a,b)", "spec.nodeName=n1"), None);

        Assert.Equal(["a", "b"], list.Items.Select(pod => pod.Metadata.Name));
        Assert.Equal("8", list.ResourceVersion);
        Assert.All(server.Requests, request => Assert.StartsWith(
            "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb%2Ctier%20in%20%28a%2Cb%29&fieldSelector=spec.nodeName%3Dn1&limit=500", request.Path, StringComparison.Ordinal));
        Assert.All(server.Requests, request => Assert.Equal("Bearer good", request.Authorization));
    }

    [Fact]
    public async Task A_list_whose_continuation_has_expired_begins_again()
    {
        var lists = 0;
        await using var server = await FakeApiServer.StartAsync((context, request) =>
            !request.Path.Contains("continue", StringComparison.Ordinal) ? context.ListAsync("7", FakeAnswers.Pod("a", "1"), ++lists == 1 ? "old" : "new")
            : request.Path.Contains("continue=old", StringComparison.Ordinal) ? context.StatusAsync(410, "Expired", "The provided continue parameter is too old")
            : context.ListAsync("8", FakeAnswers.Pod("b", "2")));
        using var api = server.Open();

        var list = await api.ListAsync(Kinds.Pods, ListScope.All, None);

        Assert.Equal(["a", "b"], list.Items.Select(pod => pod.Metadata.Name));
    }

    [Fact]
    public async Task What_does_not_exist_is_null()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(404, "NotFound", "pods \"a\" not found"));
        using var api = server.Open();

        Assert.Null(await api.FindAsync(Kinds.Pods, "shop", "a", None));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerFailed)]
    [InlineData(503, FailureKind.ServerFailed)]
    [InlineData(504, FailureKind.TimedOut)]
    public async Task A_read_is_repeated_a_few_times_and_then_fails_with_its_kind(int status, FailureKind kind)
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(status, "", "in trouble"));
        using var api = server.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => api.FindAsync(Kinds.Pods, "shop", "a", None));

        Assert.Equal(kind, failure.Kind);
        Assert.Equal(FakeApiServer.Quick.Attempts, server.Requests.Count);
        Assert.Equal("get pods", failure.Call);
        Assert.Equal("Pod shop/a", failure.Target);
    }

    [Fact]
    public async Task A_read_succeeds_after_a_broken_connection_a_server_error_and_a_throttling()
    {
        var calls = 0;
        await using var server = await FakeApiServer.StartAsync((context, _) =>
        {
            switch (++calls)
            {
                case 1:
                    context.Abort();
                    return Task.CompletedTask;
                case 2:
                    return context.StatusAsync(500, "InternalError", "etcdserver: leader changed");
                case 3:
                    context.Response.Headers.RetryAfter = "0";
                    return context.StatusAsync(429, "TooManyRequests", "slow down");
                default:
                    return context.JsonAsync(FakeAnswers.Pod("a", "1"));
            }
        });
        using var api = server.Open();

        Assert.Equal("a", (await api.FindAsync(Kinds.Pods, "shop", "a", None))!.Metadata.Name);
    }

    [Fact]
    public async Task A_creation_is_not_repeated_when_it_may_have_happened()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(500, "InternalError", "etcdserver: request timed out"));
        using var api = server.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() =>
            api.CreateAsync(Kinds.ConfigMaps, "shop", new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a" } }, None));

        Assert.Equal(FailureKind.ServerFailed, failure.Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(
            403, "Forbidden", "pods is forbidden: User \"ada\" cannot list resource \"pods\" in API group \"\" at the cluster scope"));
        using var api = server.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => api.ListAsync(Kinds.Pods, ListScope.All, None));

        Assert.Equal(FailureKind.PermissionDenied, failure.Kind);
        Assert.Contains("permission missing: list pods", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quota_that_forbids_is_a_rejection_not_a_missing_permission()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(
            403, "Forbidden", "pods \"a\" is forbidden: exceeded quota: shop, requested: pods=1, used: pods=10, limited: pods=10"));
        using var api = server.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => api.CreateAsync(Kinds.Pods, "shop", new V1Pod { Metadata = new V1ObjectMeta { Name = "a" } }, None));

        Assert.Equal(FailureKind.Rejected, failure.Kind);
        Assert.Contains("exceeded quota: shop", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_token_is_renewed_once_and_then_reported()
    {
        await using var server = await FakeApiServer.StartAsync((context, request) => request.Authorization == "Bearer new"
            ? context.JsonAsync(FakeAnswers.Pod("a", "1"))
            : context.StatusAsync(401, "Unauthorized", "Unauthorized"));
        var tokens = new Queue<string>(["old", "new"]);
        using var renewing = new KubernetesApi(
            _ => Task.FromResult(new KubernetesClientConfiguration { Host = server.Endpoint.ToString(), AccessToken = tokens.Dequeue() }), FakeApiServer.Quick);
        using var stuck = server.Open(token: "old");

        Assert.NotNull(await renewing.FindAsync(Kinds.Pods, "shop", "a", None));
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => stuck.FindAsync(Kinds.Pods, "shop", "a", None));

        Assert.Equal(FailureKind.CredentialsExpired, failure.Kind);
        Assert.Contains("log in again", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_unreachable_and_says_so()
    {
        using var api = new KubernetesApi(_ => Task.FromResult(new KubernetesClientConfiguration { Host = "https://no-such-cluster.invalid" }), FakeApiServer.Quick);

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => api.ReadVersionAsync(None));

        Assert.Equal(FailureKind.Unreachable, failure.Kind);
        Assert.Contains("no-such-cluster.invalid", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_does_not_answer_is_timed_out(bool changes)
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.SilenceAsync());
        var traced = new List<string>();
        using var api = server.Open(FakeApiServer.Quick with { RequestTimeout = TimeSpan.FromMilliseconds(100), Attempts = 2 }, trace: traced.Add);

        Func<Task> call = changes
            ? () => api.PatchAsync(Kinds.Pods, "shop", "a", new JsonObject { ["metadata"] = new JsonObject() }, None)
            : () => api.FindAsync(Kinds.Pods, "shop", "a", None);
        var failure = await Assert.ThrowsAsync<HaClusterException>(call);

        Assert.Equal(FailureKind.TimedOut, failure.Kind);
        // What was sent, and not what arrived: a busy machine may need as long to take the connection.
        Assert.Equal(2, traced.Count(line => line == traced[0]));
        Assert.Single(traced, line => line.Contains("attempt 2 of 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancellation_ends_a_call_that_waits_long_before_its_time_out()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.SilenceAsync());
        using var api = server.Open(FakeApiServer.Quick with { RequestTimeout = TimeSpan.FromMinutes(10) });
        using var cancelled = new CancellationTokenSource();
        var call = api.FindAsync(Kinds.Pods, "shop", "a", cancelled.Token);
        await Waiting.UntilAsync("the request is there", () => !server.Requests.IsEmpty);
        await cancelled.CancelAsync();

        // Far below the time-out.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Waiting.Limit));
    }

    [Fact]
    public async Task A_web_page_in_place_of_an_answer_is_not_taken_for_one()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.Response.WriteAsync("<html>Sign in to the guest network</html>"));
        using var api = server.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => api.ListAsync(Kinds.Pods, ListScope.All, None));

        Assert.Equal(FailureKind.NotUnderstood, failure.Kind);
    }

    [Fact]
    public async Task Server_side_apply_sends_the_whole_identity_and_the_field_manager()
    {
        await using var server = await FakeApiServer.StartAsync((context, request) => context.JsonAsync(request.Body));
        using var api = server.Open();

        await api.ApplyAsync(Kinds.Deployments, "shop", "web", new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 3 } }, force: true, None);

        var request = Assert.Single(server.Requests);
        Assert.Equal(("PATCH", "/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=ha-cluster&force=true", "application/apply-patch+yaml"), (request.Method, request.Path, request.ContentType));
        Assert.Equal(("apps/v1", "Deployment", "web", "shop"), ((string?)request.Json["apiVersion"], (string?)request.Json["kind"], (string?)request.Json["metadata"]!["name"], (string?)request.Json["metadata"]!["namespace"]));
    }

    [Fact]
    public async Task A_conflict_of_fields_names_the_other_manager()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(
            409, "Conflict", "Apply failed with 1 conflict: conflict with \"kubectl-edit\" using apps/v1: .spec.replicas"));
        using var api = server.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => api.ApplyAsync(Kinds.Deployments, "shop", "web", [], force: false, None));

        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Contains("kubectl-edit", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scale_is_patched_through_its_subresource()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.JsonAsync("""{"kind":"Scale","spec":{"replicas":5},"status":{"replicas":3,"selector":"app=web"}}"""));
        using var api = server.Open();

        var scale = await api.SetScaleAsync(Kinds.Deployments, "shop", "web", 5, None);

        Assert.Equal(new Scale(5, 3, "app=web"), scale);
        var request = Assert.Single(server.Requests);
        Assert.Equal("/apis/apps/v1/namespaces/shop/deployments/web/scale?fieldManager=ha-cluster", request.Path);
        Assert.Equal(5, (int)request.Json["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task A_patch_at_a_version_carries_it()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(409, "Conflict", "the object has been modified"));
        using var api = server.Open();

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => api.PatchAsync(Kinds.Nodes, null, "n1", new JsonObject { ["spec"] = new JsonObject() }, None, resourceVersion: "41"));

        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Equal("41", (string?)Assert.Single(server.Requests).Json["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task A_deletion_of_another_object_of_the_same_name_does_nothing()
    {
        await using var server = await FakeApiServer.StartAsync((context, _) => context.StatusAsync(
            409, "Conflict", "Operation cannot be fulfilled on pods \"a\": Precondition failed: UID in precondition: 1, UID in object meta: 2"));
        using var api = server.Open();

        Assert.False(await api.DeleteAsync(Kinds.Pods, "shop", "a", None, new DeleteOptions(Uid: "1", Grace: TimeSpan.Zero)));

        var request = Assert.Single(server.Requests);
        Assert.Equal(("1", 0), ((string?)request.Json["preconditions"]!["uid"], (int)request.Json["gracePeriodSeconds"]!));
    }

    [Fact]
    public async Task The_trace_has_no_token()
    {
        var lines = new List<string>();
        await using var server = await FakeApiServer.StartAsync((context, _) => context.JsonAsync(FakeAnswers.Pod("a", "1")));
        using var api = server.Open(token: "a-secret-token", trace: lines.Add);

        await api.FindAsync(Kinds.Pods, "shop", "a", None);

        Assert.Equal(["GET /api/v1/namespaces/shop/pods/a"], lines);
    }
}
