using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Tests.Kubernetes;

public sealed class QuotaTests
{
    private const string Pods = "/api/v1/namespaces/default/pods";

    [Fact]
    public async Task A_pod_beyond_the_quota_is_refused_in_the_words_of_Kubernetes()
    {
        await using var cluster = await StartAsync("""{ "pods": "5", "requests.cpu": "1", "limits.memory": "1Gi" }""");
        Assert.Equal(201, (await AddAsync(cluster, "a", "750m", "512Mi")).Code);
        var (code, refusal) = await AddAsync(cluster, "b", "500m", "256Mi");
        Assert.Equal(403, code);
        Assert.Equal("pods \"b\" is forbidden: exceeded quota: team, requested: requests.cpu=500m, used: requests.cpu=750m, limited: requests.cpu=1", (string?)refusal["message"]);
        Assert.Equal("Forbidden", (string?)refusal["reason"]);
    }

    [Fact]
    public async Task A_pod_that_does_not_say_what_it_needs_is_refused()
    {
        await using var cluster = await StartAsync("""{ "requests.cpu": "1", "limits.memory": "1Gi" }""");
        var (code, refusal) = await cluster.SendAsync(HttpMethod.Post, Pods, """{ "metadata": { "name": "a" }, "spec": { "containers": [{ "name": "main", "image": "x" }] } }""");
        Assert.Equal(403, code);
        Assert.Equal("pods \"a\" is forbidden: failed quota: team: must specify limits.memory for: main; requests.cpu for: main", (string?)refusal["message"]);
    }

    [Fact]
    public async Task Status_follows_pods_that_come_end_and_go()
    {
        await using var cluster = await StartAsync("""{ "pods": "5", "requests.cpu": "2" }""");
        await AddAsync(cluster, "a", "500m", "1Mi");
        await AddAsync(cluster, "b", "1", "1Mi");
        Assert.Equal(("2", "1500m"), Used(cluster));
        cluster.Store.Change(cluster.Store.Kinds["pods"], "default", "b", pod => pod["status"]!["phase"] = "Succeeded");
        Assert.Equal(("1", "500m"), Used(cluster));
        await cluster.SendAsync(HttpMethod.Delete, $"{Pods}/a");
        Assert.Equal(("0", "0"), Used(cluster));
    }

    [Fact]
    public async Task A_quota_that_is_raised_lets_the_next_pod_in()
    {
        await using var cluster = await StartAsync("""{ "pods": "1" }""");
        await AddAsync(cluster, "a", "1", "1Mi");
        Assert.Equal(403, (await AddAsync(cluster, "b", "1", "1Mi")).Code);
        await cluster.SendAsync(HttpMethod.Patch, "/api/v1/namespaces/default/resourcequotas/team", """{ "spec": { "hard": { "pods": "2" } } }""", "application/merge-patch+json");
        Assert.Equal(201, (await AddAsync(cluster, "b", "1", "1Mi")).Code);
    }

    [Fact]
    public async Task The_controllers_of_the_world_are_bound_too()
    {
        await using var cluster = await StartAsync("""{ "pods": "1" }""");
        cluster.AddPod("a");
        Assert.Equal(403, Assert.Throws<StatusException>(() => cluster.AddPod("b")).Code);
    }

    [Fact]
    public async Task A_limit_range_gives_containers_their_defaults_and_bounds_them()
    {
        await using var cluster = await StartAsync("""{ "requests.cpu": "1", "limits.memory": "1Gi" }""");
        await cluster.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/limitranges", """
            { "metadata": { "name": "defaults" }, "spec": { "limits": [{ "type": "Container", "default": { "memory": "256Mi" }, "defaultRequest": { "cpu": "100m" }, "max": { "memory": "512Mi" } }] } }
            """);
        var (code, pod) = await cluster.SendAsync(HttpMethod.Post, Pods, """{ "metadata": { "name": "a" }, "spec": { "containers": [{ "name": "main", "image": "x" }] } }""");
        Assert.True(code == 201, pod.ToJsonString());
        var resources = pod["spec"]!["containers"]![0]!["resources"]!;
        Assert.Equal(("256Mi", "100m"), ((string?)resources["limits"]!["memory"], (string?)resources["requests"]!["cpu"]));
        var (refused, why) = await AddAsync(cluster, "b", "100m", "1Gi");
        Assert.Equal(403, refused);
        Assert.Contains("maximum memory usage per Container is 512Mi, but limit is 1Gi", (string?)why["message"]);
    }

    [Fact]
    public async Task Pods_created_at_once_do_not_share_the_last_of_a_quota()
    {
        await using var cluster = await StartAsync("""{ "pods": "3" }""");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => AddAsync(cluster, $"p{number}", "1m", "1Mi")));
        Assert.Equal(3, answers.Count(answer => answer.Code == 201));
    }

    private static async Task<TestCluster> StartAsync(string hard)
    {
        var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/resourcequotas", $$"""{ "metadata": { "name": "team" }, "spec": { "hard": {{hard}} } }""");
        Assert.True(code == 201, body.ToJsonString());
        return cluster;
    }

    private static Task<(int Code, JsonObject Body)> AddAsync(TestCluster cluster, string name, string cpu, string memory) => cluster.SendAsync(HttpMethod.Post, Pods, $$"""
        { "metadata": { "name": "{{name}}" },
          "spec": { "containers": [{ "name": "main", "image": "x", "resources": { "requests": { "cpu": "{{cpu}}", "memory": "1Mi" }, "limits": { "memory": "{{memory}}" } } }] } }
        """);

    private static (string?, string?) Used(TestCluster cluster)
    {
        var quota = cluster.Store.Get(cluster.Store.Kinds["resourcequotas"], "default", "team");
        return (quota.Text("status", "used", "pods"), quota.Text("status", "used", "requests.cpu"));
    }
}
