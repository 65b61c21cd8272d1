namespace HaCluster.Twin.Tests.Kubernetes;

public sealed class ValidationTests
{
    private const string Claims = "/api/v1/namespaces/default/persistentvolumeclaims";
    private const string Pods = "/api/v1/namespaces/default/pods";
    private const string Merge = "application/merge-patch+json";

    [Fact]
    public async Task A_pod_gets_its_defaults_and_cannot_change_its_spec_but_for_the_image()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (_, pod) = await cluster.SendAsync(HttpMethod.Post, Pods, """{ "metadata": { "name": "a" }, "spec": { "containers": [{ "name": "main", "image": "web", "resources": { "limits": { "cpu": "1" } } }] }, "status": { "phase": "Running" } }""");
        Assert.Equal(("Always", "Pending", "Burstable"), ((string?)pod["spec"]!["restartPolicy"], (string?)pod["status"]!["phase"], (string?)pod["status"]!["qosClass"]));
        Assert.Equal("1", (string?)pod["spec"]!["containers"]![0]!["resources"]!["requests"]!["cpu"]);
        var (refused, status) = await cluster.SendAsync(HttpMethod.Patch, $"{Pods}/a", """{ "spec": { "nodeName": "node-1" } }""", Merge);
        Assert.Equal(422, refused);
        Assert.StartsWith("Pod \"a\" is invalid: spec: Forbidden: pod updates may not change fields other than", (string?)status["message"]);
        Assert.Equal(200, (await cluster.SendAsync(HttpMethod.Patch, $"{Pods}/a", """{ "spec": { "containers": [{ "name": "main", "image": "web:2" }] } }""", "application/strategic-merge-patch+json")).Code);
    }

    [Fact]
    public async Task A_pod_of_the_world_can_be_labelled_though_it_has_no_defaults_from_a_client()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("a");
        var (code, pod) = await cluster.SendAsync(HttpMethod.Patch, $"{Pods}/a", """{ "metadata": { "labels": { "x": "y" } } }""", Merge);
        Assert.True(code == 200, pod.ToJsonString());
        Assert.Equal("Running", (string?)pod["status"]!["phase"]);
    }

    [Fact]
    public async Task A_claim_can_grow_and_not_shrink()
    {
        await using var cluster = await TestCluster.StartAsync();
        static string Storage(string size) => $$$"""{ "spec": { "resources": { "requests": { "storage": "{{{size}}}" } } } }""";
        await cluster.SendAsync(HttpMethod.Post, Claims, """{ "metadata": { "name": "data" }, "spec": { "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "10Gi" } } } }""");
        Assert.Equal(200, (await cluster.SendAsync(HttpMethod.Patch, $"{Claims}/data", Storage("20Gi"), Merge)).Code);
        var (code, status) = await cluster.SendAsync(HttpMethod.Patch, $"{Claims}/data", Storage("10240Mi"), Merge);
        Assert.Equal((422, "PersistentVolumeClaim \"data\" is invalid: spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"), (code, (string?)status["message"]));
    }

    [Fact]
    public async Task A_stateful_set_changes_its_replicas_and_not_its_claims()
    {
        await using var cluster = await TestCluster.StartAsync();
        const string sets = "/apis/apps/v1/namespaces/default/statefulsets";
        var (created, body) = await cluster.SendAsync(HttpMethod.Post, sets, """
            { "metadata": { "name": "db" }, "spec": { "serviceName": "db", "selector": { "matchLabels": { "app": "db" } },
              "template": { "metadata": { "labels": { "app": "db" } }, "spec": { "containers": [{ "name": "main", "image": "x" }] } },
              "volumeClaimTemplates": [{ "metadata": { "name": "data" }, "spec": { "accessModes": ["ReadWriteOnce"] } }] } }
            """);
        Assert.True(created == 201, body.ToJsonString());
        Assert.Equal(200, (await cluster.SendAsync(HttpMethod.Patch, $"{sets}/db", """{ "spec": { "replicas": 3 } }""", Merge)).Code);
        var (code, status) = await cluster.SendAsync(HttpMethod.Patch, $"{sets}/db", """{ "spec": { "serviceName": "other" } }""", Merge);
        Assert.Equal(422, code);
        Assert.Contains("updates to statefulset spec for fields other than 'replicas'", (string?)status["message"]);
    }

    [Fact]
    public async Task A_scale_below_zero_is_invalid()
    {
        await using var cluster = await TestCluster.StartAsync();
        const string sets = "/apis/apps/v1/namespaces/default/replicasets";
        await cluster.SendAsync(HttpMethod.Post, sets, """
            { "metadata": { "name": "web" }, "spec": { "selector": { "matchLabels": { "app": "web" } }, "template": { "metadata": { "labels": { "app": "web" } }, "spec": { "containers": [{ "name": "main", "image": "x" }] } } } }
            """);
        var (code, status) = await cluster.SendAsync(HttpMethod.Patch, $"{sets}/web/scale", """{ "spec": { "replicas": -1 } }""", Merge);
        Assert.Equal((422, "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0"), (code, (string?)status["message"]));
    }

    [Theory]
    [InlineData("in", """["web"]""", "operator: Invalid value: \"in\": not a valid selector operator")]
    [InlineData("Gt", """["1"]""", "operator: Invalid value: \"Gt\": not a valid selector operator")]
    [InlineData("NotIn", "[]", "values: Required value: must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData("Exists", """["web"]""", "values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    public async Task A_selector_that_means_nothing_is_invalid(string @operator, string values, string message)
    {
        await using var cluster = await TestCluster.StartAsync();
        var selector = $$"""{ "matchExpressions": [{ "key": "app", "operator": "{{@operator}}", "values": {{values}} }] }""";
        foreach (var (path, name, spec) in new[]
        {
            ("/apis/apps/v1/namespaces/default/deployments", "Deployment.apps", $$"""{ "selector": {{selector}}, "template": { "metadata": { "labels": { "app": "web" } }, "spec": { "containers": [{ "name": "main", "image": "x" }] } } }"""),
            ("/apis/policy/v1/namespaces/default/poddisruptionbudgets", "PodDisruptionBudget.policy", $$"""{ "selector": {{selector}}, "minAvailable": 1 }"""),
        })
        {
            var (code, status) = await cluster.SendAsync(HttpMethod.Post, path, $$"""{ "metadata": { "name": "web" }, "spec": {{spec}} }""");
            Assert.Equal((422, $"{name} \"web\" is invalid: spec.selector.matchExpressions[0].{message}"), (code, (string?)status["message"]));
        }
    }

    [Fact]
    public async Task A_YAML_body_is_read_like_JSON()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/configmaps", "metadata:\n  name: a\ndata:\n  n: \"1\"\n  t: yes it is\n", "application/yaml");
        Assert.True(code == 201, body.ToJsonString());
        Assert.Equal(("1", "yes it is"), ((string?)body["data"]!["n"], (string?)body["data"]!["t"]));
    }

    [Fact]
    public async Task A_namespace_that_is_deleted_by_a_client_shows_as_terminating_while_a_pod_stops()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync(HttpMethod.Post, "/api/v1/namespaces", """{ "metadata": { "name": "shop" } }""");
        var pod = cluster.AddPod("a").ToJson();
        pod["metadata"] = TestCluster.Json("""{ "name": "a", "namespace": "shop" }""");
        cluster.Store.Create(cluster.Store.Kinds["pods"], pod);
        var (_, left) = await cluster.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/shop");
        Assert.Equal("Terminating", (string?)left["status"]!["phase"]);
        cluster.Store.Delete(cluster.Store.Kinds["pods"], "shop", "a", new() { GracePeriodSeconds = 0 });
        Assert.Equal(404, (await cluster.SendAsync(HttpMethod.Get, "/api/v1/namespaces/shop")).Code);
    }
}
