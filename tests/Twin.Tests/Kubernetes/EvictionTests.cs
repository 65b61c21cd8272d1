using System.Text.Json.Nodes;

namespace HaCluster.Twin.Tests.Kubernetes;

public sealed class EvictionTests
{
    private const string Budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

    [Fact]
    public async Task A_pod_of_an_exhausted_budget_is_refused_with_the_budget_named()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("web-1");
        cluster.AddPod("web-2");
        await AddBudgetAsync(cluster, "\"minAvailable\": 1");
        Assert.Equal(201, (await EvictAsync(cluster, "web-1")).Code);
        var (code, refusal) = await EvictAsync(cluster, "web-2");
        Assert.Equal(429, code);
        Assert.Equal("Cannot evict pod as it would violate the pod's disruption budget.", (string?)refusal["message"]);
        Assert.Equal("The disruption budget keep needs 1 healthy pods and has 1 currently", (string?)refusal["details"]!["causes"]![0]!["message"]);
        Assert.Equal("DisruptionBudget", (string?)refusal["details"]!["causes"]![0]!["reason"]);
    }

    [Fact]
    public async Task Two_evictions_at_once_share_one_allowed_disruption_between_them()
    {
        await using var cluster = await TestCluster.StartAsync();
        foreach (var number in Enumerable.Range(1, 8))
            cluster.AddPod($"web-{number}");
        await AddBudgetAsync(cluster, "\"minAvailable\": 7");
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(number => EvictAsync(cluster, $"web-{number}")));
        Assert.Equal(1, answers.Count(answer => answer.Code == 201));
        Assert.Equal(7, answers.Count(answer => answer.Code == 429));
    }

    [Theory]
    [InlineData("\"minAvailable\": 3", 4, 1, 3, 4)]
    [InlineData("\"minAvailable\": \"50%\"", 4, 1, 3, 5)]
    [InlineData("\"maxUnavailable\": 2", 4, 1, 3, 5)]
    [InlineData("\"maxUnavailable\": \"30%\"", 4, 1, 3, 5)]
    [InlineData("\"maxUnavailable\": 0", 4, 0, 5, 5)]
    [InlineData("\"minAvailable\": \"100%\"", 4, 0, 5, 5)]
    public async Task Status_counts_pods_and_rounds_percentages_up(string rule, int healthy, int allowed, int desired, int expected)
    {
        await using var cluster = await TestCluster.StartAsync();
        var set = cluster.Store.Create(cluster.Store.Kinds["replicasets.apps"], TestCluster.Json("""
            { "metadata": { "name": "web", "namespace": "default" }, "spec": { "replicas": 5, "selector": { "matchLabels": { "app": "web" } } } }
            """));
        var owner = $$"""{ "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "{{set.Uid}}", "controller": true }""";
        foreach (var number in Enumerable.Range(1, healthy))
            cluster.AddPod($"web-{number}", owner: owner);
        await AddBudgetAsync(cluster, rule);
        JsonNode? status = null;
        await Waiting.UntilAsync("the budget has a status", () =>
        {
            status = cluster.Store.Get(cluster.Store.Kinds["poddisruptionbudgets.policy"], "default", "keep").ToJson()["status"];
            return (int?)status?["observedGeneration"] == 1;
        });
        Assert.Equal((healthy, allowed, desired, expected),
            ((int)status!["currentHealthy"]!, (int)status["disruptionsAllowed"]!, (int)status["desiredHealthy"]!, (int)status["expectedPods"]!));
    }

    [Fact]
    public async Task A_pod_that_is_not_ready_may_go_while_the_budget_is_met()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("web-1");
        cluster.AddPod("broken");
        cluster.Store.Change(cluster.Store.Kinds["pods"], "default", "broken", pod => pod["status"]!["conditions"]![0]!["status"] = "False");
        await AddBudgetAsync(cluster, "\"minAvailable\": 1");
        Assert.Equal(201, (await EvictAsync(cluster, "broken")).Code);
        Assert.Equal(429, (await EvictAsync(cluster, "web-1")).Code);
    }

    [Fact]
    public async Task A_dry_run_checks_the_budget_and_takes_nothing_from_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("web-1");
        await AddBudgetAsync(cluster, "\"maxUnavailable\": 0");
        const string path = "/api/v1/namespaces/default/pods/web-1/eviction?dryRun=All";
        Assert.Equal(429, (await cluster.SendAsync(HttpMethod.Post, path, "{}")).Code);
        await cluster.SendAsync(HttpMethod.Delete, $"{Budgets}/keep");
        Assert.Equal(201, (await cluster.SendAsync(HttpMethod.Post, path, "{}")).Code);
        Assert.False(cluster.Store.Get(cluster.Store.Kinds["pods"], "default", "web-1").IsDeleting);
    }

    private static Task<(int Code, JsonObject Body)> EvictAsync(TestCluster cluster, string pod) => cluster.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/default/pods/{pod}/eviction",
        $$"""{ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": "{{pod}}", "namespace": "default" } }""");

    private static async Task AddBudgetAsync(TestCluster cluster, string rule)
    {
        var (code, body) = await cluster.SendAsync(HttpMethod.Post, Budgets, $$"""{ "metadata": { "name": "keep" }, "spec": { {{rule}}, "selector": { "matchLabels": { "app": "web" } } } }""");
        Assert.True(code == 201, body.ToJsonString());
    }
}
