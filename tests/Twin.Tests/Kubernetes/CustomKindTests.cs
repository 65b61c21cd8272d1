using System.Text.Json.Nodes;

namespace HaCluster.Twin.Tests.Kubernetes;

public sealed class CustomKindTests
{
    public const string Definition = """
        {
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": "chains.example.com" },
          "spec": {
            "group": "example.com", "scope": "Namespaced", "names": { "plural": "chains", "singular": "chain", "kind": "Chain", "shortNames": ["ch"] },
            "versions": [{
              "name": "v1", "served": true, "storage": true,
              "subresources": { "status": {}, "scale": { "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas" } },
              "additionalPrinterColumns": [{ "name": "Replicas", "type": "integer", "jsonPath": ".spec.replicas" }],
              "schema": { "openAPIV3Schema": { "type": "object", "properties": { "spec": { "type": "object", "properties": {
                "replicas": { "type": "integer" },
                "peers": { "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                           "items": { "type": "object", "properties": { "name": { "type": "string" }, "port": { "type": "integer" } } } }
              } }, "status": { "type": "object", "x-kubernetes-preserve-unknown-fields": true } } } }
            }]
          }
        }
        """;

    private const string Path = "/apis/example.com/v1/namespaces/default/chains";

    [Fact]
    public async Task An_unknown_field_is_dropped_with_a_warning_or_refused_when_strict()
    {
        await using var cluster = await StartAsync();
        const string chain = """{ "apiVersion": "example.com/v1", "kind": "Chain", "metadata": { "name": "a" }, "spec": { "replicas": 1, "colour": "red" } }""";
        var (strict, refusal) = await cluster.SendAsync(HttpMethod.Post, Path + "?fieldValidation=Strict", chain);
        Assert.Equal(400, strict);
        Assert.Contains("unknown field \"spec.colour\"", (string?)refusal["message"]);
        var (code, body) = await cluster.SendAsync(HttpMethod.Post, Path, chain);
        Assert.Equal(201, code);
        Assert.Null(body["spec"]!["colour"]);
    }

    [Fact]
    public async Task The_main_path_does_not_write_status_and_the_status_path_writes_nothing_else()
    {
        await using var cluster = await StartAsync();
        await cluster.SendAsync(HttpMethod.Post, Path, """{ "metadata": { "name": "a" }, "spec": { "replicas": 1 }, "status": { "height": 1 } }""");
        var (_, created) = await cluster.SendAsync(HttpMethod.Get, Path + "/a");
        Assert.Null(created["status"]);
        var (_, reported) = await cluster.SendAsync(HttpMethod.Patch, Path + "/a/status", """{ "spec": { "replicas": 9 }, "status": { "height": 7 } }""", "application/merge-patch+json");
        Assert.Equal(7, (int)reported["status"]!["height"]!);
        Assert.Equal(1, (int)reported["spec"]!["replicas"]!);
        Assert.Equal(1, (int)reported["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task Two_appliers_share_a_list_that_its_schema_keys_by_name()
    {
        await using var cluster = await StartAsync();
        async Task<JsonObject> ApplyAsync(string manager, string peer) => (await cluster.SendAsync(HttpMethod.Patch, $"{Path}/a?fieldManager={manager}",
            $$"""{ "apiVersion": "example.com/v1", "kind": "Chain", "metadata": { "name": "a" }, "spec": { "peers": [{ "name": "{{peer}}", "port": 1 }] } }""", "application/apply-patch+yaml")).Body;
        await ApplyAsync("one", "x");
        var both = await ApplyAsync("two", "y");
        Assert.Equal(["x", "y"], both["spec"]!["peers"]!.AsArray().Select(peer => (string?)peer!["name"]));
    }

    [Fact]
    public async Task Its_objects_and_its_discovery_go_with_the_definition()
    {
        await using var cluster = await StartAsync();
        await cluster.SendAsync(HttpMethod.Post, Path, """{ "metadata": { "name": "a" } }""");
        await cluster.SendAsync(HttpMethod.Delete, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/chains.example.com");
        Assert.Equal(404, (await cluster.SendAsync(HttpMethod.Get, Path)).Code);
        Assert.Equal(404, (await cluster.SendAsync(HttpMethod.Get, "/apis/example.com/v1")).Code);
    }

    private static async Task<TestCluster> StartAsync()
    {
        var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.SendAsync(HttpMethod.Post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Definition);
        Assert.True(code == 201, body.ToJsonString());
        return cluster;
    }
}
