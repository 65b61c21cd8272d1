using HaCluster.Twin.Kubernetes;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Tests.Kubernetes;

/// <summary>Refusals, as clients read them.</summary>
public sealed class StatusTests
{
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";

    private const string Spec = """
        "selector": { "matchLabels": { "app": "web" } }, "template": { "metadata": { "labels": { "app": "web" } }, "spec": { "containers": [{ "name": "main", "image": "x" }] } }
        """;

    [Fact]
    public async Task A_missing_or_wrong_token_is_unauthorized_and_health_needs_none()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Http.DefaultRequestHeaders.Authorization = null;
        var (code, status) = await cluster.SendAsync(HttpMethod.Get, "/api/v1/pods");
        Assert.Equal((401, "Unauthorized", "Status"), (code, (string?)status["reason"], (string?)status["kind"]));
        Assert.Equal("ok", await cluster.Http.GetStringAsync("/readyz"));
    }

    [Fact]
    public async Task A_user_without_the_right_is_told_which_one_is_missing()
    {
        var reader = new ApiUser("viewer", "viewer-token") { May = access => access.Verb is "get" or "list" };
        var options = new ApiServerOptions();
        await using var cluster = await TestCluster.StartAsync(options with { Users = [.. options.Users, reader] });
        cluster.Http.DefaultRequestHeaders.Authorization = new("Bearer", reader.Token);
        Assert.Equal(200, (await cluster.SendAsync(HttpMethod.Get, "/api/v1/namespaces/default/pods")).Code);
        var (code, status) = await cluster.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/default/pods/a");
        Assert.Equal(403, code);
        Assert.Equal("pods \"a\" is forbidden: User \"viewer\" cannot delete resource \"pods\" in API group \"\" in the namespace \"default\"", (string?)status["message"]);
    }

    [Theory]
    [InlineData("GET", "/api/v1/namespaces/default/pods/none", null, 404, "NotFound", "pods \"none\" not found")]
    [InlineData("GET", "/apis/apps/v1/namespaces/default/deployments/none", null, 404, "NotFound", "deployments.apps \"none\" not found")]
    [InlineData("GET", "/api/v1/things", null, 404, "NotFound", "the server could not find the requested resource")]
    [InlineData("POST", "/api/v1/namespaces/default/pods/a", "{}", 405, "MethodNotAllowed", "the server does not allow this method on the requested resource")]
    [InlineData("POST", Deployments, "{", 400, "BadRequest", "json parse error")]
    [InlineData("POST", Deployments, """{ "kind": "Pod" }""", 400, "BadRequest", "does not match the expected kind")]
    [InlineData("POST", "/api/v1/namespaces/none/configmaps", """{ "metadata": { "name": "a" } }""", 404, "NotFound", "namespaces \"none\" not found")]
    [InlineData("POST", "/api/v1/namespaces/default/configmaps", """{ "metadata": { "name": "A_b" } }""", 422, "Invalid", "a lowercase RFC 1123 subdomain must consist of")]
    [InlineData("GET", "/api/v1/namespaces/default/pods/none/log", null, 501, "NotImplemented", "runs no containers")]
    public async Task Refusals_have_the_code_reason_and_words_of_Kubernetes(string method, string path, string? body, int expected, string reason, string words)
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, status) = await cluster.SendAsync(new HttpMethod(method), path, body);
        Assert.Equal((expected, expected, reason, "Failure"), (code, (int)status["code"]!, (string?)status["reason"], (string?)status["status"]));
        Assert.Contains(words, (string?)status["message"]);
    }

    [Fact]
    public async Task A_body_of_another_form_is_unsupported()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(415, (await cluster.SendAsync(HttpMethod.Post, Deployments, "<a/>", "application/xml")).Code);
        cluster.AddPod("a");
        Assert.Equal(415, (await cluster.SendAsync(HttpMethod.Patch, "/api/v1/namespaces/default/pods/a", "{}", "application/json")).Code);
    }

    [Fact]
    public async Task Negative_replicas_and_a_selector_that_matches_nothing_are_both_reported()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, status) = await cluster.SendAsync(HttpMethod.Post, Deployments,
            $$"""{ "metadata": { "name": "web" }, "spec": { "replicas": -1, {{Spec.Replace("\"labels\": { \"app\": \"web\" }", "\"labels\": { \"app\": \"db\" }", StringComparison.Ordinal)}} } }""");
        Assert.Equal(422, code);
        Assert.Equal(["spec.replicas", "spec.template.metadata.labels"], status["details"]!["causes"]!.AsArray().Select(cause => (string?)cause!["field"]));
        Assert.StartsWith("Deployment.apps \"web\" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0", (string?)status["message"]);
    }

    [Fact]
    public async Task A_selector_cannot_change()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync(HttpMethod.Post, Deployments, $$"""{ "metadata": { "name": "web" }, "spec": { {{Spec}} } }""");
        var (code, status) = await cluster.SendAsync(HttpMethod.Patch, $"{Deployments}/web",
            """{ "spec": { "selector": { "matchLabels": { "app": "db" } }, "template": { "metadata": { "labels": { "app": "db" } } } } }""", "application/merge-patch+json");
        Assert.Equal(422, code);
        Assert.Contains("field is immutable", (string?)status["message"]);
    }

    [Fact]
    public async Task A_lease_is_not_replaced_without_the_version_that_was_read()
    {
        await using var cluster = await TestCluster.StartAsync();
        const string leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        await cluster.SendAsync(HttpMethod.Post, leases, """{ "metadata": { "name": "operation" }, "spec": { "leaseDurationSeconds": 15 } }""");
        var (code, status) = await cluster.SendAsync(HttpMethod.Put, $"{leases}/operation", """{ "metadata": { "name": "operation" }, "spec": { "leaseDurationSeconds": 20 } }""");
        Assert.Equal((422, "Lease.coordination.k8s.io \"operation\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update"), (code, (string?)status["message"]));
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_a_bad_request()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, status) = await cluster.SendAsync(HttpMethod.Post, Deployments, $$"""{ "metadata": { "name": "web" }, "spec": { "replicas": "three", {{Spec}} } }""");
        Assert.Equal(400, code);
        Assert.Contains("Deployment.spec.replicas of type integer", (string?)status["message"]);
    }

    [Fact]
    public async Task An_unknown_field_is_dropped_and_warned_of()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var content = new StringContent($$"""{ "metadata": { "name": "web" }, "spec": { "replicaz": 3, {{Spec}} } }""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var response = await cluster.Http.PostAsync(Deployments, content);
        Assert.Equal("299 - \"unknown field \\\"spec.replicaz\\\"\"", response.Headers.GetValues("Warning").Single());
        Assert.DoesNotContain("replicaz", await response.Content.ReadAsStringAsync());
    }

    [SkippableFact]
    public async Task The_kubeconfig_can_be_read_by_its_owner_only()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes");
        await using var cluster = await TestCluster.StartAsync();
        await File.WriteAllTextAsync(cluster.Kubeconfig, "of others");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(cluster.Kubeconfig, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.UserWrite);
            cluster.Server.WriteKubeconfig(cluster.Kubeconfig);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(cluster.Kubeconfig));
        }
    }

    [Fact]
    public async Task An_interceptor_answers_before_the_server()
    {
        var isOverloaded = true;
        await using var cluster = await TestCluster.StartAsync(new() { Interceptor = (http, next) => isOverloaded ? Task.FromResult(http.Response.StatusCode = 503) : next(http) });
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await cluster.Http.GetAsync("/readyz")).StatusCode);
        isOverloaded = false;
        Assert.Equal(System.Net.HttpStatusCode.OK, (await cluster.Http.GetAsync("/readyz")).StatusCode);
    }

    [Fact]
    public async Task A_proxied_request_reaches_its_handler_without_the_token()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/services", """{ "metadata": { "name": "proxy" }, "spec": { "ports": [{ "port": 9090 }] } }""");
        const string path = "/api/v1/namespaces/default/services/http:proxy:9090/proxy/api/v1/query?query=up";
        var (code, status) = await cluster.SendAsync(HttpMethod.Get, path);
        Assert.Equal((503, "ServiceUnavailable"), (code, (string?)status["reason"]));
        cluster.Server.Proxies.AddService("default", "proxy", "9090", context =>
            context.Response.WriteAsync($"{{\"path\":\"{context.Request.Path}\",\"query\":\"{context.Request.Query["query"]}\",\"token\":{(context.Request.Headers.Authorization.Count > 0 ? "true" : "false")}}}"));
        Assert.Equal("""{"path":"/api/v1/query","query":"up","token":false}""", await cluster.Http.GetStringAsync(path));
    }
}
