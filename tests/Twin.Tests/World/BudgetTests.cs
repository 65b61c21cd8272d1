using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Tests.World;

public class BudgetTests
{
    [Fact]
    public void A_pod_that_was_allowed_to_go_and_is_there_counts_again_after_two_minutes_though_nothing_happens()
    {
        var world = SteppedWorld.Small(Manifest.StorageClass, Manifest.StatefulSet("web", 2), Manifest.Budget("web", 1));
        world.Pass(60);
        Assert.Equal(1, Allowed(world));
        var now = ObjectStore.Timestamp(world.World.Clock.Time.GetUtcNow());
        world.Change("poddisruptionbudgets.policy", "shop", "web", copy => copy["status"]!["disruptedPods"] = new JsonObject { ["web-0"] = now });
        world.Pass(100);
        Assert.Equal(0, Allowed(world));
        world.Pass(30);
        Assert.Equal(1, Allowed(world));
    }

    private static long? Allowed(SteppedWorld world) => world.Get("poddisruptionbudgets.policy", "shop", "web").Number("status", "disruptionsAllowed");
}
