using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Twin.Kubernetes.Apply;
using HaCluster.Twin.Kubernetes.Schemas;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Tests.Kubernetes;

public sealed class FieldManagerTests
{
    private const string Now = "2026-01-01T00:00:00Z";

    private static readonly TypeSchema Pods = SchemaCatalog.Of(new KindTable()["pods"]);

    /// <summary>One apply: who, and which labels with which values.</summary>
    public sealed record Step(int Manager, (int Key, int Value)[] Labels);

    private static Arbitrary<Step[]> Steps() => Gen.ArrayOf(
        from manager in Gen.Choose(0, 2)
        from labels in Gen.ArrayOf(from key in Gen.Choose(0, 3) from value in Gen.Choose(0, 1) select (key, value))
        select new Step(manager, [.. labels.DistinctBy(label => label.key)])).ToArbitrary();

    [Property]
    public Property A_label_stays_while_somebody_applies_it_and_has_the_value_applied_last() => Prop.ForAll(Steps(), steps =>
    {
        var live = TestCluster.Json("""{ "metadata": { "name": "a" } }""");
        var values = new Dictionary<string, string>();
        var owners = new Dictionary<string, HashSet<int>>();
        foreach (var step in steps)
        {
            live = Apply(live, $"m{step.Manager}", new JsonObject(step.Labels.Select(label => KeyValuePair.Create($"k{label.Key}", (JsonNode?)$"v{label.Value}"))), force: true);
            foreach (var (key, value) in step.Labels.Select(label => ($"k{label.Key}", $"v{label.Value}")))
            {
                if (values.TryGetValue(key, out var current) && current != value)
                    owners[key].Clear();
                values[key] = value;
                (owners.TryGetValue(key, out var set) ? set : owners[key] = []).Add(step.Manager);
            }
            foreach (var key in owners.Keys.Except(step.Labels.Select(label => $"k{label.Key}")).ToList())
            {
                if (owners[key].Remove(step.Manager) && owners[key].Count == 0)
                {
                    owners.Remove(key);
                    values.Remove(key);
                }
            }
            Assert.Equal(values, (live["metadata"]!["labels"] as JsonObject ?? []).ToDictionary(label => label.Key, label => (string)label.Value!));
        }
    });

    [Fact]
    public void A_list_item_that_somebody_else_also_wrote_to_keeps_their_part()
    {
        var live = Apply(TestCluster.Json("""{ "metadata": { "name": "a" } }"""), "one", [], force: false, """{ "containers": [{ "name": "main", "image": "web:1" }, { "name": "side", "image": "side:1" }] }""");
        live = Apply(live, "two", [], force: false, """{ "containers": [{ "name": "side", "workingDir": "/" }] }""");
        live = Apply(live, "one", [], force: false, """{ "containers": [{ "name": "main", "image": "web:1" }] }""");
        Assert.Equal("""[{"name":"main","image":"web:1"},{"name":"side","workingDir":"/"}]""", live["spec"]!["containers"]!.ToJsonString());
        live = Apply(live, "two", [], force: false, "{}");
        Assert.Equal("""[{"name":"main","image":"web:1"}]""", live["spec"]!["containers"]!.ToJsonString());
    }

    [Fact]
    public void Ports_are_known_by_number_and_protocol()
    {
        var live = Apply(TestCluster.Json("""{ "metadata": { "name": "a" } }"""), "one", [], force: false,
            """{ "containers": [{ "name": "main", "ports": [{ "containerPort": 53 }, { "containerPort": 53, "protocol": "UDP" }] }] }""");
        Assert.Equal(2, live["spec"]!["containers"]![0]!["ports"]!.AsArray().Count);
        var fields = live["metadata"]!["managedFields"]![0]!["fieldsV1"]!.ToJsonString(StoredJson.Options);
        Assert.Contains("""k:{\"containerPort\":53,\"protocol\":\"UDP\"}""", fields);
    }

    [Fact]
    public void An_atomic_value_has_one_owner()
    {
        var live = Apply(TestCluster.Json("""{ "metadata": { "name": "a" } }"""), "one", [], force: false, """{ "nodeSelector": { "a": "1" } }""");
        var refusal = Assert.Throws<StatusException>(() => Apply(live, "two", [], force: false, """{ "nodeSelector": { "b": "2" } }"""));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .spec.nodeSelector", refusal.Message);
        Assert.Equal("""{"b":"2"}""", Apply(live, "two", [], force: true, """{ "nodeSelector": { "b": "2" } }""")["spec"]!["nodeSelector"]!.ToJsonString());
    }

    [Fact]
    public void Several_conflicts_are_listed_per_manager()
    {
        var live = Apply(TestCluster.Json("""{ "metadata": { "name": "a" } }"""), "one", TestCluster.Json("""{ "a": "1" }"""), force: false, """{ "containers": [{ "name": "main", "image": "web:1" }] }""");
        var refusal = Assert.Throws<StatusException>(() =>
            Apply(live, "two", TestCluster.Json("""{ "a": "2" }"""), force: false, """{ "containers": [{ "name": "main", "image": "web:2" }] }"""));
        Assert.Equal("Apply failed with 2 conflicts: conflicts with \"one\":\n- .metadata.labels.a\n- .spec.containers[name=\"main\"].image", refusal.Message);
    }

    [Fact]
    public void A_set_of_fields_survives_its_JSON_form()
    {
        const string json = """{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"main\"}":{".":{},"f:image":{}}},"f:replicas":{}}}""";
        Assert.Equal(json, FieldSet.Parse(JsonNode.Parse(json)).ToJson().ToJsonString(StoredJson.Options));
    }

    private static JsonObject Apply(JsonObject live, string manager, JsonObject labels, bool force, string? spec = null)
    {
        var config = TestCluster.Json("""{ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a" } }""");
        if (labels.Count > 0)
            config["metadata"]!["labels"] = labels;
        if (spec is not null)
            config["spec"] = TestCluster.Json(spec);
        return FieldManager.Apply(live, config, new(manager, true, null, "v1"), force, Pods, Now);
    }
}
