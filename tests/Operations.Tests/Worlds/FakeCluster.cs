using System.Text.Json.Nodes;
using HaCluster.Operations.Connecting;

namespace HaCluster.Operations.Tests.Worlds;

/// <summary>Builds the world that operations are tried on: three zones, two nodes in each, three Deployments, a StatefulSet with zonal volumes, a database.</summary>
internal static class FakeCluster
{
    public const string Name = "test";
    public static readonly ClusterIdentity Identity = new("8b0f0c1e-uid-of-kube-system", "1", "eu-central-1");
    public const string ClusterArn = "arn:aws:eks:eu-central-1:1:cluster/test";
    public const string BalancerArn = "arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/net/edge/1";
    public static readonly (string Name, string Id)[] Zones = [("eu-central-1a", "euc1-az2"), ("eu-central-1b", "euc1-az3"), ("eu-central-1c", "euc1-az1")];

    public static FakeWorld Build()
    {
        var world = new FakeWorld();
        foreach (var (zone, _) in Zones)
        {
            for (var i = 1; i <= 2; i++)
            {
                var instance = new FakeInstance { Id = $"i-{zone[^1]}{i}", Zone = zone, Group = $"general-{zone}" };
                world.Instances.Add(instance);
                AddNode(world, $"node-{zone[^1]}{i}", instance);
            }
        }
        Workload(world, "Deployment", "deployments", "api", 6);
        Workload(world, "Deployment", "deployments", "web", 3);
        Workload(world, "StatefulSet", "statefulsets", "ledger", 3);
        for (var i = 0; i < 3; i++)
        {
            world.Put("persistentvolumeclaims", new JsonObject { ["metadata"] = Meta($"data-ledger-{i}"), ["spec"] = new JsonObject { ["volumeName"] = $"pv-{i}" } });
            world.Put("persistentvolumes", new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = $"pv-{i}" },
                ["spec"] = JsonNode.Parse("""{"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"topology.kubernetes.io/zone","operator":"In","values":["ZONE"]}]}]}}}""".Replace("ZONE", Zones[i].Name, StringComparison.Ordinal)),
            });
        }
        Budget(world, "api", 4);
        Budget(world, "ledger", 2);
        world.Databases.Add(new FakeDatabase
        {
            Id = "payments",
            Writer = "payments-a",
            Members = new() { ["payments-a"] = Zones[0].Name, ["payments-b"] = Zones[1].Name, ["payments-c"] = Zones[2].Name },
        });
        for (var i = 0; i < 10; i++)
            FakeControllers.Step(world);
        return world;
    }

    public static void AddNode(FakeWorld world, string name, FakeInstance instance) => world.Put("nodes", new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["topology.kubernetes.io/zone"] = instance.Zone, ["eks.amazonaws.com/nodegroup"] = instance.Group } },
        ["spec"] = new JsonObject { ["providerID"] = $"aws:///{instance.Zone}/{instance.Id}" },
        ["status"] = new JsonObject { ["conditions"] = new JsonArray(FakeControllers.Condition("Ready", "True", "")) },
    });

    public static void Budget(FakeWorld world, string app, int minAvailable) => world.Put("poddisruptionbudgets", new JsonObject
    {
        ["metadata"] = Meta(app),
        ["spec"] = new JsonObject { ["minAvailable"] = minAvailable, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = app } } },
    });

    private static JsonObject Meta(string name) => new() { ["name"] = name, ["namespace"] = "shop" };

    private static void Workload(FakeWorld world, string kind, string plural, string name, int replicas) => world.Put(plural, new JsonObject
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = kind,
        ["metadata"] = Meta(name),
        ["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = $"{name}:1", ["resources"] = JsonNode.Parse("""{"requests":{"cpu":"500m","memory":"256Mi"},"limits":{"memory":"256Mi"}}""") }) },
            },
        },
    });
}
