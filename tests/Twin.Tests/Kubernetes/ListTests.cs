using System.Text.Json.Nodes;

namespace HaCluster.Twin.Tests.Kubernetes;

public sealed class ListTests
{
    private const string Pods = "/api/v1/namespaces/default/pods";

    [Fact]
    public async Task Pages_show_the_list_of_the_first_page_whatever_happens_meanwhile()
    {
        await using var cluster = await TestCluster.StartAsync();
        foreach (var number in Enumerable.Range(0, 5))
            cluster.AddPod($"p{number}");
        var (_, first) = await cluster.SendAsync(HttpMethod.Get, $"{Pods}?limit=2");
        Assert.Equal(3, (int)first["metadata"]!["remainingItemCount"]!);
        cluster.Store.Delete(cluster.Store.Kinds["pods"], "default", "p3", new() { GracePeriodSeconds = 0 });
        cluster.AddPod("p2a");
        var (_, second) = await cluster.SendAsync(HttpMethod.Get, $"{Pods}?limit=2&continue={first["metadata"]!["continue"]}");
        var (_, third) = await cluster.SendAsync(HttpMethod.Get, $"{Pods}?limit=2&continue={second["metadata"]!["continue"]}");
        Assert.Equal(["p0", "p1", "p2", "p3", "p4"], Names(first).Concat(Names(second)).Concat(Names(third)));
        Assert.Null(third["metadata"]!["continue"]);
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)third["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task A_page_after_a_compaction_and_a_token_of_nobody_are_refused()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("a");
        cluster.AddPod("b");
        var (_, first) = await cluster.SendAsync(HttpMethod.Get, $"{Pods}?limit=1");
        cluster.AddPod("c");
        cluster.Store.Compact();
        Assert.Equal(410, (await cluster.SendAsync(HttpMethod.Get, $"{Pods}?limit=1&continue={first["metadata"]!["continue"]}")).Code);
        Assert.Equal(400, (await cluster.SendAsync(HttpMethod.Get, $"{Pods}?continue=nonsense")).Code);
    }

    [Theory]
    [InlineData("labelSelector=app%3Dweb", "web-1")]
    [InlineData("labelSelector=app!%3Dweb", "db-1")]
    [InlineData("labelSelector=app+in+(web,db)", "db-1 web-1")]
    [InlineData("labelSelector=app+notin+(web),app", "db-1")]
    [InlineData("labelSelector=!app", "")]
    [InlineData("fieldSelector=spec.nodeName%3Dnode-2", "db-1")]
    [InlineData("fieldSelector=metadata.name!%3Ddb-1,status.phase%3DRunning", "web-1")]
    public async Task Selectors_choose(string query, string expected)
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("web-1", "node-1", "web");
        cluster.AddPod("db-1", "node-2", "db");
        var (_, list) = await cluster.SendAsync(HttpMethod.Get, $"{Pods}?{query}");
        Assert.Equal(expected, string.Join(' ', Names(list)));
    }

    [Fact]
    public async Task A_field_that_cannot_be_selected_by_is_named()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, status) = await cluster.SendAsync(HttpMethod.Get, $"{Pods}?fieldSelector=spec.colour%3Dred");
        Assert.Equal(400, code);
        Assert.Contains("field label not supported: spec.colour", (string?)status["message"]);
    }

    [Fact]
    public async Task Versions_are_exact_or_a_minimum_as_asked()
    {
        await using var cluster = await TestCluster.StartAsync();
        var first = cluster.AddPod("a").ResourceVersion;
        cluster.AddPod("b");
        Assert.Equal(["a"], Names((await cluster.SendAsync(HttpMethod.Get, $"{Pods}?resourceVersion={first}&resourceVersionMatch=Exact")).Body));
        Assert.Equal(["a", "b"], Names((await cluster.SendAsync(HttpMethod.Get, $"{Pods}?resourceVersion={first}&resourceVersionMatch=NotOlderThan")).Body));
        var (code, status) = await cluster.SendAsync(HttpMethod.Get, $"{Pods}?resourceVersion=999999");
        Assert.Equal(504, code);
        Assert.Equal("ResourceVersionTooLarge", (string?)status["details"]!["causes"]![0]!["reason"]);
    }

    [Fact]
    public async Task A_collection_is_deleted_by_selector()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("web-1", node: "", app: "web");
        cluster.AddPod("db-1", node: "", app: "db");
        await cluster.SendAsync(HttpMethod.Delete, $"{Pods}?labelSelector=app%3Dweb");
        Assert.Equal(["db-1"], Names((await cluster.SendAsync(HttpMethod.Get, Pods)).Body));
    }

    [Fact]
    public async Task Metadata_alone_and_tables_are_given_when_accepted()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("a");
        async Task<JsonObject> GetAsync(string accept)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Pods);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await cluster.Http.SendAsync(request);
            return TestCluster.Json(await response.Content.ReadAsStringAsync());
        }
        var metadata = await GetAsync("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        Assert.Equal("PartialObjectMetadataList", (string?)metadata["kind"]);
        Assert.Null(metadata["items"]![0]!["spec"]);
        var table = await GetAsync("application/json;as=Table;g=meta.k8s.io;v=v1,application/json");
        Assert.Equal(["Name", "Ready", "Status"], table["columnDefinitions"]!.AsArray().Take(3).Select(column => (string?)column!["name"]));
        Assert.Equal("Running", (string?)table["rows"]![0]!["cells"]![2]);
        Assert.Equal("NotAcceptable", (string?)(await GetAsync("application/vnd.kubernetes.protobuf"))["reason"]);
    }

    private static IEnumerable<string?> Names(JsonObject list) => list["items"]!.AsArray().Select(item => (string?)item!["metadata"]!["name"]);
}
