using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Tests.Storage;

public sealed class ObjectStoreTests
{
    private readonly ObjectStore _store = new();

    [Fact]
    public void A_new_object_gets_an_identity_and_a_version()
    {
        var created = _store.Add("a");
        Assert.Equal(36, created.Uid.Length);
        Assert.Equal(_store.ResourceVersion, created.ResourceVersion);
        Assert.EndsWith("Z", created.Text("metadata", "creationTimestamp"));
        Assert.Equal("ConfigMap", created.Text("kind"));
        Assert.Equal(409, Assert.Throws<StatusException>(() => _store.Add("a")).Code);
    }

    [Fact]
    public void An_update_of_an_old_version_is_refused_in_the_words_of_Kubernetes()
    {
        var stale = _store.Add("a").ToJson();
        _store.Change(_store.ConfigMaps(), "default", "a", value => value["data"] = new JsonObject { ["k"] = "1" });
        var refusal = Assert.Throws<StatusException>(() => _store.Update(_store.ConfigMaps(), stale));
        Assert.Equal("Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again", refusal.Message);
    }

    [Fact]
    public void An_update_that_changes_nothing_makes_no_version_and_no_event()
    {
        var created = _store.Add("a");
        var cursor = _store.Watch(_store.ConfigMaps(), null, _store.ResourceVersion);
        Assert.Same(created, _store.Update(_store.ConfigMaps(), created.ToJson()));
        Assert.Empty(cursor.Drain());
    }

    [Fact]
    public void Generation_counts_changes_of_the_spec_and_not_of_the_status()
    {
        var deployments = _store.Kinds["deployments.apps"];
        var value = StoreFixture.Object("a");
        value["spec"] = new JsonObject { ["replicas"] = 1 };
        _store.Create(deployments, value);
        Assert.Equal(1, _store.Change(deployments, "default", "a", copy => copy["status"] = new JsonObject { ["replicas"] = 1 })!.Generation);
        Assert.Equal(2, _store.Change(deployments, "default", "a", copy => copy["spec"]!["replicas"] = 2)!.Generation);
    }

    [Fact]
    public void An_object_with_a_finalizer_stays_until_it_is_taken_away()
    {
        _store.Add("a", finalizer: "example.com/hold");
        Assert.False(_store.Delete(_store.ConfigMaps(), "default", "a").IsGone);
        Assert.True(_store.Look("a")!.IsDeleting);
        _store.Change(_store.ConfigMaps(), "default", "a", value => value["metadata"]!.AsObject().Remove("finalizers"));
        Assert.Null(_store.Look("a"));
    }

    [Fact]
    public void A_pod_on_a_node_waits_for_its_kubelet_and_one_without_a_node_does_not()
    {
        var pods = _store.Kinds["pods"];
        JsonObject Pod(string name, string? node) => new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
            ["spec"] = new JsonObject { ["nodeName"] = node, ["terminationGracePeriodSeconds"] = 45 },
        };
        _store.Create(pods, Pod("placed", "node-1"));
        _store.Create(pods, Pod("pending", null));
        Assert.True(_store.Delete(pods, "default", "pending").IsGone);
        var marked = _store.Delete(pods, "default", "placed");
        Assert.False(marked.IsGone);
        Assert.Equal(45, marked.Object.Number("metadata", "deletionGracePeriodSeconds"));
        // A later deletion shortens the time and cannot lengthen it.
        Assert.Equal(45, _store.Delete(pods, "default", "placed", new() { GracePeriodSeconds = 90 }).Object.Number("metadata", "deletionGracePeriodSeconds"));
        Assert.Equal(5, _store.Delete(pods, "default", "placed", new() { GracePeriodSeconds = 5 }).Object.Number("metadata", "deletionGracePeriodSeconds"));
        Assert.True(_store.Delete(pods, "default", "placed", new() { GracePeriodSeconds = 0 }).IsGone);
    }

    [Fact]
    public void A_deletion_for_another_uid_is_refused()
    {
        _store.Add("a");
        var refusal = Assert.Throws<StatusException>(() => _store.Delete(_store.ConfigMaps(), "default", "a", new() { Uid = "other" }));
        Assert.Equal((409, "Conflict"), (refusal.Code, refusal.Reason));
    }

    [Fact]
    public void A_dry_run_changes_nothing()
    {
        var before = _store.ResourceVersion;
        _store.Create(_store.ConfigMaps(), StoreFixture.Object("a"), dryRun: true);
        Assert.Null(_store.Look("a"));
        Assert.Equal(before, _store.ResourceVersion);
    }

    [Fact]
    public void The_same_seed_gives_the_same_uids_and_names()
    {
        static (string, string) Run(int seed)
        {
            var store = new ObjectStore(options: new() { Seed = seed });
            var value = new JsonObject { ["metadata"] = new JsonObject { ["generateName"] = "web-", ["namespace"] = "default" } };
            var created = store.Create(store.ConfigMaps(), value);
            return (created.Uid, created.Name);
        }
        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));
    }

    [Fact]
    public void A_watch_from_before_the_compaction_is_told_to_list_again()
    {
        var first = _store.Add("a");
        var cursor = _store.Watch(_store.ConfigMaps(), null, first.ResourceVersion);
        _store.Add("b");
        _store.Compact();
        Assert.Equal(410, Assert.Throws<StatusException>(() => cursor.TryRead(out _)).Code);
        Assert.Equal(410, Assert.Throws<StatusException>(() => _store.Watch(_store.ConfigMaps(), null, first.ResourceVersion)).Code);
        Assert.Empty(_store.Watch(_store.ConfigMaps(), null, _store.ResourceVersion).Drain());
    }

    [Fact]
    public void History_is_kept_up_to_its_limit()
    {
        var store = new ObjectStore(options: new() { HistoryPerResource = 3 });
        var versions = Enumerable.Range(0, 5).Select(number => store.Add($"a{number}").ResourceVersion).ToList();
        Assert.Throws<StatusException>(() => store.Watch(store.ConfigMaps(), null, versions[0]));
        Assert.Equal(3, store.Watch(store.ConfigMaps(), null, versions[1]).Drain().Count);
    }

    [Fact]
    public async Task Many_writers_lose_no_update_and_watchers_see_each_in_order()
    {
        _store.Add("counter");
        var cursor = _store.ListAndWatch(_store.ConfigMaps()).Changes;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var turn = 0; turn < 250; turn++)
            {
                _store.Change(_store.ConfigMaps(), "default", "counter", value =>
                {
                    var data = value["data"] as JsonObject ?? [];
                    value["data"] = new JsonObject { ["n"] = (data["n"].AsLong() ?? 0) + 1 };
                });
            }
        })));
        Assert.Equal(2000, _store.Look("counter")!.Number("data", "n"));
        Assert.Equal(Enumerable.Range(1, 2000).Select(number => (long?)number), cursor.Drain().Select(change => change.Object.Number("data", "n")));
    }
}
