using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Patches;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Tests.Kubernetes;

/// <summary>The examples of https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md and their relatives.</summary>
public sealed class StrategicMergePatchTests
{
    private const string Two = """{ "spec": { "containers": [{ "name": "a", "image": "a:1", "env": [{ "name": "X", "value": "1" }] }, { "name": "b", "image": "b:1" }], "tolerations": [{ "key": "k" }] } }""";

    [Theory]
    [InlineData("merges items by their key", """{ "spec": { "containers": [{ "name": "b", "image": "b:2" }] } }""", "a=a:1 b=b:2")]
    [InlineData("adds items", """{ "spec": { "containers": [{ "name": "c", "image": "c:1" }] } }""", "a=a:1 b=b:1 c=c:1")]
    [InlineData("deletes an item", """{ "spec": { "containers": [{ "name": "a", "$patch": "delete" }] } }""", "b=b:1")]
    [InlineData("replaces the list", """{ "spec": { "containers": [{ "name": "d", "image": "d:1" }, { "$patch": "replace" }] } }""", "d=d:1")]
    [InlineData("orders items", """{ "spec": { "$setElementOrder/containers": [{ "name": "c" }, { "name": "b" }, { "name": "a" }], "containers": [{ "name": "c", "image": "c:1" }] } }""", "c=c:1 b=b:1 a=a:1")]
    [InlineData("replaces an item", """{ "spec": { "containers": [{ "name": "a", "image": "a:2", "$patch": "replace" }] } }""", "a=a:2 b=b:1")]
    public void Containers_are_a_list_with_a_merge_key(string rule, string patch, string expected)
    {
        var containers = Apply("pods", Two, patch)["spec"]!["containers"]!.AsArray();
        Assert.True(expected == string.Join(' ', containers.Select(container => $"{container!["name"]}={container["image"]}")), rule);
    }

    [Fact]
    public void Nested_lists_merge_too_and_other_lists_are_replaced()
    {
        var pod = Apply("pods", Two, """{ "spec": { "containers": [{ "name": "a", "env": [{ "name": "Y", "value": "2" }] }], "tolerations": [{ "key": "other" }] } }""");
        Assert.Equal(["X", "Y"], pod["spec"]!["containers"]![0]!["env"]!.AsArray().Select(env => (string?)env!["name"]));
        Assert.Equal("other", (string?)Assert.Single(pod["spec"]!["tolerations"]!.AsArray())!["key"]);
    }

    [Fact]
    public void Retained_keys_are_the_only_ones_left()
    {
        var deployment = Apply("deployments.apps", """{ "spec": { "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": 1 } } } }""",
            """{ "spec": { "strategy": { "$retainKeys": ["type"], "type": "Recreate" } } }""");
        Assert.Equal("""{"type":"Recreate"}""", deployment["spec"]!["strategy"]!.ToJsonString());
    }

    [Fact]
    public void Scalars_are_added_to_and_deleted_from_a_set()
    {
        var value = Apply("pods", """{ "metadata": { "finalizers": ["a", "b"] } }""", """{ "metadata": { "$deleteFromPrimitiveList/finalizers": ["a"], "finalizers": ["c"] } }""");
        Assert.Equal(["b", "c"], value["metadata"]!["finalizers"]!.AsArray().Select(name => (string?)name));
    }

    [Fact]
    public void Null_removes_and_a_replaced_map_forgets_its_keys()
    {
        var value = Apply("pods", """{ "metadata": { "labels": { "a": "1", "b": "2" }, "annotations": { "x": "1" } } }""",
            """{ "metadata": { "labels": { "$patch": "replace", "c": "3" }, "annotations": null } }""");
        Assert.Equal("""{"labels":{"c":"3"}}""", value["metadata"]!.ToJsonString());
    }

    [Fact]
    public void An_item_without_its_key_is_refused() =>
        Assert.Equal(400, Assert.Throws<StatusException>(() => Apply("pods", Two, """{ "spec": { "containers": [{ "image": "a:2" }] } }""")).Code);

    private static JsonObject Apply(string resource, string value, string patch) =>
        new StrategicMergePatch(TestCluster.Json(patch), new KindTable()[resource]).ApplyTo(TestCluster.Json(value));
}
