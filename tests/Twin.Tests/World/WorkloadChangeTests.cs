using static HaCluster.Twin.Tests.World.SteppedWorld;

namespace HaCluster.Twin.Tests.World;

/// <summary>Workloads that clients create, change and delete while the world goes on.</summary>
public sealed class WorkloadChangeTests
{
    private const string NoneMissing = """{"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}""";

    [Fact]
    public void A_planned_deployment_runs_from_the_start_with_its_set_and_status()
    {
        var world = Small(Manifest.Deployment("web", 3));

        var pods = world.Pods("shop", "web");
        Assert.Equal(3, pods.Count);
        Assert.All(pods, pod => Assert.True(IsReady(pod)));
        Assert.Equal(3, pods.Select(NodeOf).Distinct().Count());
        var set = Assert.Single(world.Store.List(world.Store.Kinds["replicasets.apps"], "shop").Items);
        Assert.All(pods, pod => Assert.Equal(set.Uid, Assert.Single(pod.Owners).Uid));
        Assert.All(pods, pod => Assert.Equal(set.Labels["pod-template-hash"], pod.Labels["pod-template-hash"]));
        var deployment = world.Get("deployments.apps", "shop", "web");
        Assert.Equal(deployment.Uid, Assert.Single(set.Owners).Uid);
        Assert.Equal((3, 3, 3, 1), (deployment.Number("status", "replicas"), deployment.Number("status", "readyReplicas"), deployment.Number("status", "availableReplicas"), deployment.Number("status", "observedGeneration")));
    }

    [Fact]
    public void A_new_deployment_gets_pods_that_start_in_time()
    {
        var world = Small();
        world.Apply(Manifest.Deployment("web", 2));

        world.Pass(1);
        Assert.Equal(2, world.Pods("shop", "web").Count);
        Assert.All(world.Pods("shop", "web"), pod => Assert.Equal(("Running", false), (pod.Text("status", "phase"), IsReady(pod))));
        world.Pass(60);
        Assert.All(world.Pods("shop", "web"), pod => Assert.True(IsReady(pod)));
        Assert.Equal(2, world.Get("deployments.apps", "shop", "web").Number("status", "readyReplicas"));
    }

    [Fact]
    public void Scaling_adds_and_removes_pods()
    {
        var world = Small(Manifest.Deployment("web", 2));

        world.Change("deployments.apps", "shop", "web", web => web["spec"]!["replicas"] = 4);
        world.Pass(60);
        Assert.Equal(4, world.Pods("shop", "web").Count(IsReady));
        world.Change("deployments.apps", "shop", "web", web => web["spec"]!["replicas"] = 1);
        Assert.Equal(3, world.Pods("shop", "web").Count(pod => pod.IsDeleting));
        world.Pass(60);
        Assert.Single(world.Pods("shop", "web"));
        Assert.Equal((1, 3), (world.Get("deployments.apps", "shop", "web").Number("status", "replicas"), world.Get("deployments.apps", "shop", "web").Number("status", "observedGeneration")));
    }

    [Theory]
    [InlineData(600, 30)]
    [InlineData(5, 5)]
    public void A_pod_ends_within_its_grace_period_and_long_before_a_long_one(int grace, int seconds)
    {
        var world = Small(Manifest.Deployment("web", 1).Replace("\"containers\"", $"\"terminationGracePeriodSeconds\": {grace}, \"containers\"", StringComparison.Ordinal));
        var name = Assert.Single(world.Pods("shop", "web")).Name;
        world.Change("deployments.apps", "shop", "web", web => web["spec"]!["replicas"] = 0);

        Assert.Equal(grace, Assert.Single(world.Pods("shop", "web")).Number("metadata", "deletionGracePeriodSeconds"));
        world.Pass(seconds - 1);
        Assert.Equal(name, Assert.Single(world.Pods("shop", "web")).Name);
        world.Pass(2);
        Assert.Empty(world.Pods("shop", "web"));
    }

    [Fact]
    public void A_new_image_rolls_out_with_a_surge_and_keeps_all_replicas_available()
    {
        var world = Small(Manifest.Deployment("web", 3, strategy: NoneMissing));
        world.Change("deployments.apps", "shop", "web", web => web["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "nginx:2");

        var least = 3;
        var most = 3;
        for (var second = 0; second < 400; second += 5)
        {
            world.Pass(5);
            var pods = world.Pods("shop", "web");
            least = Math.Min(least, pods.Count(IsReady));
            most = Math.Max(most, pods.Count(pod => !pod.IsDeleting));
        }

        Assert.Equal((3, 4), (least, most));
        Assert.All(world.Pods("shop", "web"), pod => Assert.Equal("nginx:2", pod.Find("spec", "containers")!.Value[0].GetProperty("image").GetString()));
        var sets = world.Store.List(world.Store.Kinds["replicasets.apps"], "shop").Items.OrderBy(set => set.Number("spec", "replicas")).ToList();
        Assert.Equal([0L, 3L], sets.Select(set => set.Number("spec", "replicas")!.Value));
        Assert.Equal("2", world.Get("deployments.apps", "shop", "web").Text("metadata", "annotations", "deployment.kubernetes.io/revision"));
    }

    [Fact]
    public void An_image_that_never_becomes_ready_stops_the_rollout_and_going_back_ends_it()
    {
        var world = Small(Manifest.Deployment("web", 3, strategy: NoneMissing));
        world.Change("deployments.apps", "shop", "web", web => web["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "nginx:never-ready");
        world.Pass(700);

        Assert.Equal(3, world.Pods("shop", "web").Count(IsReady));
        Assert.Equal(4, world.Pods("shop", "web").Count);
        var stuck = world.Get("deployments.apps", "shop", "web");
        Assert.Equal("False", Condition(stuck, "Progressing"));
        Assert.Equal(1, stuck.Number("status", "updatedReplicas"));

        world.Change("deployments.apps", "shop", "web", web => web["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "nginx:1");
        world.Pass(60);
        Assert.Equal(3, world.Pods("shop", "web").Count);
        Assert.All(world.Pods("shop", "web"), pod => Assert.Equal("nginx:1", pod.Find("spec", "containers")!.Value[0].GetProperty("image").GetString()));
        // The old ReplicaSet is the new one again, as with kubectl rollout undo.
        Assert.Equal(2, world.Store.List(world.Store.Kinds["replicasets.apps"], "shop").Items.Count);
        Assert.Equal("3", world.Get("deployments.apps", "shop", "web").Text("metadata", "annotations", "deployment.kubernetes.io/revision"));
        Assert.Equal([null, "1"], world.Store.List(world.Store.Kinds["replicasets.apps"], "shop").Items.Select(set => set.Text("metadata", "annotations", "deployment.kubernetes.io/revision-history")).Order(StringComparer.Ordinal));
        Assert.Equal("True", Condition(world.Get("deployments.apps", "shop", "web"), "Progressing"));
    }

    [Fact]
    public void A_quota_refuses_pods_and_says_so_until_it_is_raised()
    {
        var world = Small(Manifest.Deployment("web", 2), Manifest.Quota("limits", 3));
        world.Change("deployments.apps", "shop", "web", web => web["spec"]!["replicas"] = 5);
        world.Pass(60);

        Assert.Equal(3, world.Pods("shop", "web").Count);
        Assert.Equal("True", Condition(world.Get("deployments.apps", "shop", "web"), "ReplicaFailure"));
        Assert.Equal("3", world.Get("resourcequotas", "shop", "limits").Text("status", "used", "pods"));

        world.Change("resourcequotas", "shop", "limits", quota => quota["spec"]!["hard"]!["pods"] = "5");
        world.Pass(60);
        Assert.Equal(5, world.Pods("shop", "web").Count(IsReady));
        Assert.Null(Condition(world.Get("deployments.apps", "shop", "web"), "ReplicaFailure"));
    }

    [Fact]
    public void A_deleted_deployment_takes_its_pods_along_and_may_come_back()
    {
        var world = Small(Manifest.Deployment("web", 2));
        world.Store.Delete(world.Store.Kinds["deployments.apps"], "shop", "web");
        world.Pass(60);
        Assert.Empty(world.Pods("shop"));

        world.Apply(Manifest.Deployment("web", 1));
        world.Pass(60);
        Assert.True(IsReady(Assert.Single(world.Pods("shop", "web"))));
    }

    [Fact]
    public void A_deleted_pod_is_replaced_by_one_of_another_name()
    {
        var world = Small(Manifest.Deployment("web", 2));
        var victim = world.Pods("shop", "web")[0];
        world.Store.Delete(world.Store.Kinds["pods"], "shop", victim.Name);

        world.Pass(1);
        Assert.Equal(3, world.Pods("shop", "web").Count);
        world.Pass(60);
        Assert.Equal(2, world.Pods("shop", "web").Count(IsReady));
        Assert.DoesNotContain(world.Pods("shop", "web"), pod => pod.Name == victim.Name);
    }

    [Fact]
    public void A_stateful_set_scales_in_order_and_keeps_its_claims()
    {
        var world = Small(Manifest.StorageClass, Manifest.StatefulSet("db", 2));
        Assert.Equal(["db-0", "db-1"], world.Pods("shop", "db").Select(pod => pod.Name));

        world.Change("statefulsets.apps", "shop", "db", db => db["spec"]!["replicas"] = 3);
        world.Pass(90);
        Assert.Equal(3, world.Pods("shop", "db").Count(IsReady));
        Assert.Equal(["data-db-0", "data-db-1", "data-db-2"], world.Store.List(world.Store.Kinds["persistentvolumeclaims"], "shop").Items.Select(claim => claim.Name));

        world.Change("statefulsets.apps", "shop", "db", db => db["spec"]!["replicas"] = 1);
        world.Pass(200);
        Assert.Equal(["db-0"], world.Pods("shop", "db").Select(pod => pod.Name));
        Assert.Equal(3, world.Store.List(world.Store.Kinds["persistentvolumeclaims"], "shop").Items.Count);
        Assert.Single(world.Store.List(world.Store.Kinds["volumeattachments.storage.k8s.io"]).Items);
    }

    [Fact]
    public void A_pod_that_somebody_creates_runs_and_is_gone_when_it_is_deleted()
    {
        var world = Small();
        world.Apply("""{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "tool", "namespace": "shop"}, "spec": {"containers": [{"name": "main", "image": "busybox"}]}}""");
        world.Pass(60);
        Assert.True(IsReady(Assert.Single(world.Pods("shop"))));

        world.Store.Delete(world.Store.Kinds["pods"], "shop", "tool");
        world.Pass(60);
        Assert.Empty(world.Pods("shop"));
    }

    [Fact]
    public void Two_worlds_of_one_seed_are_equal_to_the_last_byte()
    {
        var texts = new[] { 1, 2 }.Select(_ =>
        {
            var world = Small(Manifest.StorageClass, Manifest.Deployment("web", 3), Manifest.StatefulSet("db", 2));
            world.Change("deployments.apps", "shop", "web", web => web["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "nginx:2");
            world.Pass(300);
            return string.Join('\n', world.Store.Kinds.All.SelectMany(kind => world.Store.List(kind).Items).Select(item => System.Text.Encoding.UTF8.GetString(item.Utf8.Span)));
        }).ToList();

        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public void A_claim_grows_when_its_size_is_raised()
    {
        var world = Small(Manifest.StorageClass, Manifest.StatefulSet("db", 1));
        world.Change("persistentvolumeclaims", "shop", "data-db-0", claim => claim["spec"]!["resources"]!["requests"]!["storage"] = "20Gi");
        Assert.Equal("10Gi", world.Get("persistentvolumeclaims", "shop", "data-db-0").Text("status", "capacity", "storage"));

        world.Pass(60);
        Assert.Equal("20Gi", world.Get("persistentvolumeclaims", "shop", "data-db-0").Text("status", "capacity", "storage"));
    }
}
