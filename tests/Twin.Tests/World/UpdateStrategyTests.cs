using HaCluster.Twin.Storage;
using static HaCluster.Twin.Tests.World.SteppedWorld;

namespace HaCluster.Twin.Tests.World;

/// <summary>Updates that their strategy holds back: a partition, and <c>OnDelete</c>.</summary>
public sealed class UpdateStrategyTests
{
    [Fact]
    public void A_partition_keeps_lower_ordinals_at_the_earlier_template_until_it_is_lowered()
    {
        var world = Small(Manifest.StorageClass, Manifest.StatefulSet("db", 3));
        world.Change("statefulsets.apps", "shop", "db", db => db["spec"]!["updateStrategy"]!["rollingUpdate"]!["partition"] = 2);
        Update(world, "statefulsets.apps", "db");
        world.Pass(300);

        Assert.Equal(["postgres:1", "postgres:1", "postgres:2"], Images(world, "db"));
        var set = world.Get("statefulsets.apps", "shop", "db");
        Assert.Equal((2, 1, 3), (set.Number("status", "currentReplicas"), set.Number("status", "updatedReplicas"), set.Number("status", "readyReplicas")));
        Assert.NotEqual(set.Text("status", "currentRevision"), set.Text("status", "updateRevision"));

        // One below the partition comes back as it was.
        world.Store.Delete(world.Store.Kinds["pods"], "shop", "db-1");
        world.Pass(200);
        Assert.Equal(["postgres:1", "postgres:1", "postgres:2"], Images(world, "db"));

        world.Change("statefulsets.apps", "shop", "db", db => db["spec"]!["updateStrategy"]!["rollingUpdate"]!["partition"] = 0);
        world.Pass(600);
        Assert.Equal(["postgres:2", "postgres:2", "postgres:2"], Images(world, "db"));
        set = world.Get("statefulsets.apps", "shop", "db");
        Assert.Equal((3, 3), (set.Number("status", "currentReplicas"), set.Number("status", "updatedReplicas")));
        Assert.Equal(set.Text("status", "updateRevision"), set.Text("status", "currentRevision"));
    }

    [Fact]
    public void A_stateful_set_on_delete_updates_the_pods_that_somebody_deletes()
    {
        var world = Small(Manifest.StorageClass, Manifest.StatefulSet("db", 2));
        world.Change("statefulsets.apps", "shop", "db", db => db["spec"]!["updateStrategy"] = new System.Text.Json.Nodes.JsonObject { ["type"] = "OnDelete" });
        Update(world, "statefulsets.apps", "db");
        world.Pass(300);
        Assert.Equal(["postgres:1", "postgres:1"], Images(world, "db"));
        Assert.Equal(0, world.Get("statefulsets.apps", "shop", "db").Number("status", "updatedReplicas"));

        world.Store.Delete(world.Store.Kinds["pods"], "shop", "db-0");
        world.Pass(200);
        Assert.Equal(["postgres:2", "postgres:1"], Images(world, "db"));
        world.Store.Delete(world.Store.Kinds["pods"], "shop", "db-1");
        world.Pass(200);
        Assert.Equal(["postgres:2", "postgres:2"], Images(world, "db"));
        // As Kubernetes reports it: the current revision stays behind.
        var set = world.Get("statefulsets.apps", "shop", "db");
        Assert.Equal((0, 2), (set.Number("status", "currentReplicas"), set.Number("status", "updatedReplicas")));
        Assert.NotEqual(set.Text("status", "currentRevision"), set.Text("status", "updateRevision"));
    }

    [Fact]
    public void A_daemon_set_on_delete_updates_the_pods_that_somebody_deletes()
    {
        var world = Small(Manifest.DaemonSet("agent", "OnDelete"), Manifest.DaemonSet("other", "RollingUpdate"));
        Update(world, "daemonsets.apps", "agent", "agent:2");
        Update(world, "daemonsets.apps", "other", "agent:2");
        world.Pass(600);
        Assert.Equal(["agent:1", "agent:1", "agent:1"], Images(world, "agent"));
        Assert.Equal(["agent:2", "agent:2", "agent:2"], Images(world, "other"));
        Assert.Equal((0, 3), (world.Get("daemonsets.apps", "shop", "agent").Number("status", "updatedNumberScheduled"), world.Get("daemonsets.apps", "shop", "other").Number("status", "updatedNumberScheduled")));

        var victim = world.Pods("shop", "agent")[0];
        world.Store.Delete(world.Store.Kinds["pods"], "shop", victim.Name);
        world.Pass(120);
        Assert.Equal(["agent:1", "agent:1", "agent:2"], Images(world, "agent").Order());
        Assert.Equal(1, world.Get("daemonsets.apps", "shop", "agent").Number("status", "updatedNumberScheduled"));
        Assert.Equal("agent:2", ImageOf(world.Pods("shop", "agent").Single(pod => NodeOf(pod) == NodeOf(victim))));
    }

    private static void Update(SteppedWorld world, string resource, string name, string image = "postgres:2") =>
        world.Change(resource, "shop", name, value => value["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = image);

    private static IEnumerable<string> Images(SteppedWorld world, string app) => world.Pods("shop", app).Select(ImageOf);

    private static string ImageOf(StoredObject pod) => pod.Find("spec", "containers")!.Value[0].GetProperty("image").GetString()!;
}
