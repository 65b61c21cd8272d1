using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Tests.Storage;

public sealed class WatchPropertyTests
{
    /// <summary>One write: which object, and whether it is deleted or gets a new value.</summary>
    public sealed record Step(int Object, int Value, bool Deletes);

    private static Arbitrary<Step[]> Steps() => Gen.ArrayOf(
        from name in Gen.Choose(0, 4)
        from value in Gen.Choose(0, 3)
        from deletes in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Step(name, value, deletes)).ToArbitrary();

    [Property]
    public Property A_list_at_any_version_and_the_changes_after_it_give_the_last_list() => Prop.ForAll(Steps(), steps =>
    {
        var store = new ObjectStore();
        var versions = new List<long> { store.ResourceVersion };
        var lists = new List<Dictionary<string, string>> { State(store.List(store.ConfigMaps())) };
        foreach (var step in steps)
        {
            Run(store, step);
            versions.Add(store.ResourceVersion);
            lists.Add(State(store.List(store.ConfigMaps())));
        }
        foreach (var (version, list) in versions.Zip(lists))
        {
            Assert.Equal(list, State(store.ListAt(store.ConfigMaps(), null, version)));
            var state = new Dictionary<string, string>(list);
            var last = version;
            foreach (var change in store.Watch(store.ConfigMaps(), null, version).Drain())
            {
                Assert.True(change.ResourceVersion > last, "versions rise");
                last = change.ResourceVersion;
                // Added means that it was not there, Modified and Deleted that it was.
                Assert.Equal(change.Type != WatchEventType.Added, state.Remove(change.Object.Name));
                if (change.Type != WatchEventType.Deleted)
                    state[change.Object.Name] = Describe(change.Object);
            }
            Assert.Equal(lists[^1], state);
        }
    });

    private static void Run(ObjectStore store, Step step)
    {
        var name = $"o{step.Object}";
        if (step.Deletes && store.Look(name) is not null)
            store.Delete(store.ConfigMaps(), "default", name);
        else if (store.Look(name) is not null)
            store.Change(store.ConfigMaps(), "default", name, value => value["data"] = new System.Text.Json.Nodes.JsonObject { ["v"] = step.Value });
        else if (!step.Deletes)
            store.Add(name);
    }

    private static Dictionary<string, string> State(ObjectList list) => list.Items.Where(item => item.Name.StartsWith('o')).ToDictionary(item => item.Name, Describe);

    private static string Describe(StoredObject value) => $"{value.Uid} {value.ResourceVersion} {value.Number("data", "v")}";
}
