using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Tests.Storage;

public sealed class OwnershipTests
{
    private readonly ObjectStore _store = new();

    [Fact]
    public void What_an_owner_owned_goes_with_it_through_all_generations()
    {
        var owner = _store.Add("owner");
        var child = _store.Add("child", owner.Uid);
        _store.Add("grandchild", child.Uid);
        _store.Delete(_store.ConfigMaps(), "default", "owner");
        Assert.Null(_store.Look("child"));
        Assert.Null(_store.Look("grandchild"));
    }

    [Fact]
    public void Orphaned_objects_stay_without_an_owner()
    {
        _store.Add("child", _store.Add("owner").Uid);
        _store.Delete(_store.ConfigMaps(), "default", "owner", new() { Propagation = DeletionPropagation.Orphan });
        Assert.Empty(_store.Look("child")!.Owners);
    }

    [Fact]
    public void A_foreground_deletion_waits_for_the_objects_that_block_it()
    {
        var owner = _store.Add("owner");
        _store.Add("blocking", owner.Uid, blocks: true, finalizer: "example.com/hold");
        _store.Delete(_store.ConfigMaps(), "default", "owner", new() { Propagation = DeletionPropagation.Foreground });
        Assert.Contains("foregroundDeletion", _store.Look("owner")!.Finalizers);
        Assert.True(_store.Look("blocking")!.IsDeleting);
        _store.Change(_store.ConfigMaps(), "default", "blocking", value => value["metadata"]!.AsObject().Remove("finalizers"));
        Assert.Null(_store.Look("owner"));
    }

    [Fact]
    public void An_object_with_a_second_living_owner_stays()
    {
        var (first, second) = (_store.Add("first"), _store.Add("second"));
        var value = StoreFixture.Object("shared", first.Uid);
        value["metadata"]!["ownerReferences"]!.AsArray().Add(StoreFixture.Object("x", second.Uid)["metadata"]!["ownerReferences"]![0]!.DeepClone());
        _store.Create(_store.ConfigMaps(), value);
        _store.Delete(_store.ConfigMaps(), "default", "first");
        Assert.Equal(second.Uid, Assert.Single(_store.Look("shared")!.Owners).Uid);
        _store.Delete(_store.ConfigMaps(), "default", "second");
        Assert.Null(_store.Look("shared"));
    }

    [Fact]
    public void An_object_of_an_owner_that_does_not_exist_is_collected()
    {
        _store.Add("child", "11111111-1111-4111-8111-111111111111");
        Assert.Null(_store.Look("child"));
    }

    [Fact]
    public void A_namespace_goes_when_its_last_object_is_gone_and_takes_nothing_new_meanwhile()
    {
        var namespaces = _store.Kinds["namespaces"];
        _store.Create(namespaces, new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "shop" } });
        var held = StoreFixture.Object("held", finalizer: "example.com/hold");
        held["metadata"]!["namespace"] = "shop";
        _store.Create(_store.ConfigMaps(), held);
        Assert.False(_store.Delete(namespaces, null, "shop").IsGone);
        Assert.Equal("Terminating", _store.Get(namespaces, null, "shop").Text("status", "phase"));
        var late = StoreFixture.Object("late");
        late["metadata"]!["namespace"] = "shop";
        Assert.Contains("unable to create new content in namespace shop because it is being terminated",
            Assert.Throws<StatusException>(() => _store.Create(_store.ConfigMaps(), late)).Message);
        _store.Change(_store.ConfigMaps(), "shop", "held", value => value["metadata"]!.AsObject().Remove("finalizers"));
        Assert.Null(_store.Find(namespaces, null, "shop"));
    }
}
