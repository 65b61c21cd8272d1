using System.Text.Json.Nodes;

namespace HaCluster.Twin.Tests.Kubernetes;

public sealed class WatchTests
{
    private const string Pods = "/api/v1/namespaces/default/pods?watch=true";

    [Fact]
    public async Task Initial_events_end_with_an_annotated_bookmark()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("a");
        await using var watch = await Watch.OpenAsync(cluster, $"{Pods}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        Assert.Equal("ADDED a", Describe(await watch.NextAsync()));
        var bookmark = await watch.NextAsync();
        Assert.Equal("BOOKMARK", (string?)bookmark["type"]);
        Assert.Equal("true", (string?)bookmark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
    }

    [Fact]
    public async Task Bookmarks_carry_the_version_of_changes_that_the_watch_does_not_show()
    {
        await using var cluster = await TestCluster.StartAsync(new() { BookmarkInterval = TimeSpan.FromMilliseconds(20) });
        await using var watch = await Watch.OpenAsync(cluster, $"{Pods}&resourceVersion={cluster.Store.ResourceVersion}&allowWatchBookmarks=true");
        cluster.AddNode("node-1");
        var wanted = cluster.Store.ResourceVersion.ToString(System.Globalization.CultureInfo.InvariantCulture);
        JsonObject bookmark;
        do
            bookmark = await watch.NextAsync();
        while ((string?)bookmark["object"]!["metadata"]!["resourceVersion"] != wanted);
        Assert.Equal("BOOKMARK", (string?)bookmark["type"]);
    }

    [Fact]
    public async Task An_object_that_stops_to_match_is_deleted_for_the_watch()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("a", app: "web");
        await using var watch = await Watch.OpenAsync(cluster, $"{Pods}&resourceVersion={cluster.Store.ResourceVersion}&labelSelector=app%3Dweb");
        void Label(string app) => cluster.Store.Change(cluster.Store.Kinds["pods"], "default", "a", pod => pod["metadata"]!["labels"]!["app"] = app);
        Label("db");
        Label("other");
        Label("web");
        Assert.Equal("DELETED a", Describe(await watch.NextAsync()));
        Assert.Equal("ADDED a", Describe(await watch.NextAsync()));
    }

    [Fact]
    public async Task A_watch_that_falls_behind_the_history_ends_with_an_error_event()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("a");
        var version = cluster.Store.ResourceVersion;
        cluster.AddPod("b");
        var cursor = cluster.Store.Watch(cluster.Store.Kinds["pods"], null, version);
        cluster.Store.Compact();
        Assert.Throws<Twin.Storage.StatusException>(() => cursor.TryRead(out _));
        var (code, status) = await cluster.SendAsync(HttpMethod.Get, $"{Pods}&resourceVersion={version}");
        Assert.Equal(410, code);
        Assert.StartsWith("too old resource version", (string?)status["message"]);
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_up()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("a");
        // Reads to the end: this test would hang if the server did not end the stream.
        Assert.Contains("\"a\"", await cluster.Http.GetStringAsync($"{Pods}&timeoutSeconds=1"));
    }

    private static string Describe(JsonObject line) => $"{line["type"]} {line["object"]!["metadata"]!["name"]}";

    private sealed class Watch(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
    {
        public static async Task<Watch> OpenAsync(TestCluster cluster, string path)
        {
            var response = await cluster.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
            return new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        }

        public async Task<JsonObject> NextAsync() => TestCluster.Json(await reader.ReadLineAsync().WaitAsync(Waiting.Limit) ?? throw new EndOfStreamException());

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
