using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Planning.Rendering;
using HaCluster.Simulation.Model;
using HaCluster.Twin.Storage;
using HaCluster.Twin.World;

namespace HaCluster.Twin.Tests.World;

/// <summary>A world whose time stands still between steps, with helpers to write and read its objects as a client would.</summary>
internal sealed class SteppedWorld
{
    private SteppedWorld(HaCluster.Twin.World.World world) => World = world;

    public HaCluster.Twin.World.World World { get; }

    public ObjectStore Store => World.Store;

    public static SteppedWorld Of(WorldPlan plan, int seed = 1)
    {
        var clock = WorldClock.Stepped();
        var store = new ObjectStore(clock.Time, new StoreOptions { Seed = seed });
        return new SteppedWorld(HaCluster.Twin.World.World.Create(plan, store, clock, new WorldOptions { Seed = seed }));
    }

    public static async Task<SteppedWorld> OfStackAsync(string stack, int seed = 1) => Of(await PlannedStack.Of(stack), seed);

    /// <summary>Three zones with a node group each, of nodes with 4 cores and 16 GiB, and these objects.</summary>
    public static SteppedWorld Small(params string[] manifests) => Small(1, manifests);

    public static SteppedWorld Small(int nodesPerZone, params string[] manifests)
    {
        var directory = Directory.CreateTempSubdirectory("twin-");
        try
        {
            for (var at = 0; at < manifests.Length; at++)
                File.WriteAllText(Path.Combine(directory.FullName, $"{at:00}.yaml"), manifests[at]);
            var groups = new[] { "a", "b", "c" }.Select(zone => Group($"general-{zone}", $"eu-central-1{zone}", nodesPerZone));
            var model = new ClusterModel { Name = "small", Zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"], Version = "1.36", NodeGroups = [.. groups], Namespaces = ["default", "shop"] };
            var plan = new WorldPlan(model, [Namespace("shop")]);
            return Of(manifests.Length == 0 ? plan : plan.With(directory.FullName, null, isRecursive: false));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public void Pass(double seconds) => World.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Creates or replaces an object, as a client would.</summary>
    public StoredObject Apply(string json)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        var kind = Store.Kinds.FindByKind((string)value["apiVersion"]!, (string)value["kind"]!)!;
        var found = Store.Find(kind, (string?)value["metadata"]!["namespace"], (string)value["metadata"]!["name"]!);
        return found is null ? Store.Create(kind, value) : Store.Update(kind, value);
    }

    public void Change(string resource, string? @namespace, string name, Action<JsonObject> change)
    {
        Assert.NotNull(Store.Change(Store.Kinds[resource], @namespace, name, change));
        World.CatchUp();
    }

    public StoredObject Get(string resource, string? @namespace, string name) => Store.Get(Store.Kinds[resource], @namespace, name);

    public IReadOnlyList<StoredObject> All(string resource, string? @namespace = null) => [.. Store.List(Store.Kinds[resource], @namespace).Items];

    public IReadOnlyList<StoredObject> Pods(string @namespace, string? app = null) =>
        [.. Store.List(Store.Kinds["pods"], @namespace).Items.Where(pod => app is null || pod.Labels.GetValueOrDefault("app") == app)];

    public IReadOnlyList<StoredObject> Nodes => [.. Store.List(Store.Kinds["nodes"]).Items];

    public static string? Condition(StoredObject subject, string type) => subject.Find("status", "conditions") is { ValueKind: JsonValueKind.Array } conditions
        ? conditions.EnumerateArray().FirstOrDefault(one => one.GetProperty("type").GetString() == type) is { ValueKind: JsonValueKind.Object } found ? found.GetProperty("status").GetString() : null
        : null;

    public static bool IsReady(StoredObject subject) => Condition(subject, "Ready") == "True";

    public static string NodeOf(StoredObject pod) => pod.Text("spec", "nodeName") ?? "";

    private static NodeGroup Group(string name, string zone, int size) => new()
    {
        Name = name,
        Zones = [zone],
        Min = size,
        Desired = size,
        Max = size + 2,
        InstanceType = "m7i.xlarge",
        Template = new Node { Name = "", Zone = "", Allocatable = new Resources(4000, 16L << 30, 100L << 30) }.WithEbsVolumes(26),
    };

    private static KubernetesObject Namespace(string name) => new("v1", "Namespace", null, name, ImmutableSortedDictionary.Create<string, HaCluster.Engine.Values.PropertyValue>(StringComparer.Ordinal)
        .Add("apiVersion", new HaCluster.Engine.Values.PropertyValue.Text("v1"))
        .Add("kind", new HaCluster.Engine.Values.PropertyValue.Text("Namespace"))
        .Add("metadata", new HaCluster.Engine.Values.PropertyValue.Map(ImmutableSortedDictionary.Create<string, HaCluster.Engine.Values.PropertyValue>(StringComparer.Ordinal)
            .Add("name", new HaCluster.Engine.Values.PropertyValue.Text(name)))), false);
}
