using HaCluster.Operations.Stacks;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.Operating;

/// <summary>What a cluster made in AWS goes before the cluster, and what is left afterwards is shown.</summary>
public sealed class StackRemovalTests : OperatingTests
{
    private readonly FakeProcess _process;

    public StackRemovalTests()
    {
        _process = Process();
        Put("namespaces", null, "shop", "{}");
        Put("namespaces", null, "chains", "{}");
        Put("namespaces", null, "default", "{}");
        Put("services", "edge", "public", """{"metadata":{"finalizers":["one","two"]},"spec":{"type":"LoadBalancer"}}""");
        Put("services", "edge", "inside", """{"spec":{"type":"ClusterIP"}}""");
        Put("ingresses", "shop", "web", """{"metadata":{"finalizers":["one"]},"spec":{}}""");
        Put("persistentvolumeclaims", "chains", "data-bitcoin-0", """{"spec":{"volumeName":"pv-bitcoin"}}""");
        Volume("pv-bitcoin", "Retain", "chains", "data-bitcoin-0");
        Volume("pv-old", "Retain", "chains", "data-that-is-gone");
        Put("persistentvolumes", null, "pv-brought", """{"spec":{"persistentVolumeReclaimPolicy":"Retain","claimRef":{"namespace":"shop","name":"x"}}}""");
        Put("volumesnapshots", "snapshots", "nightly", """{"spec":{"source":{"persistentVolumeClaimName":"x"}}}""");
        Put("namespaces", null, "snapshots", "{}");
        Content("content-nightly", "Delete", "snapshots", "nightly");
        Content("content-kept", "Retain", "velero", "that-is-gone");
    }

    [Fact]
    public async Task What_would_be_deleted_is_said_line_by_line_and_nothing_is_changed()
    {
        var lines = await new StackRemoval(_process.Session).ListAsync(default);
        Assert.Equal(
            [
                "delete Service edge/public, and its load balancer",
                "delete Ingress shop/web, and its load balancer",
                "delete namespace chains (1 claim, 0 snapshots)",
                "delete namespace shop (3 claims, 0 snapshots)",
                "delete namespace snapshots (0 claims, 1 snapshot)",
                "delete volume pv-bitcoin, which its storage class would keep (of chains/data-bitcoin-0)",
                "delete volume pv-old, which its storage class would keep (of chains/data-that-is-gone)",
                "delete snapshot content-kept, which its class would keep",
            ],
            lines);
        Assert.Empty(World.Log);
    }

    [Fact]
    public async Task Load_balancers_volumes_and_snapshots_are_gone_when_the_drain_ends_and_what_a_person_brought_stays()
    {
        var said = new List<string>();
        await new StackRemoval(_process.Session).DrainAsync(new Heard(said.Add), TimeSpan.FromMinutes(20), default);

        Assert.Equal(["inside"], World.All("services").Select(FakeWorld.Name));
        Assert.Empty(World.All("ingresses"));
        Assert.Empty(World.All("persistentvolumeclaims"));
        Assert.Empty(World.All("volumesnapshots"));
        Assert.Empty(World.All("volumesnapshotcontents"));
        Assert.Equal(["pv-0", "pv-1", "pv-2", "pv-brought"], World.All("persistentvolumes").Select(FakeWorld.Name));
        // Load balancers first, while their controller still runs.
        var lastBalancer = World.Log.FindLastIndex(line => line.Contains("services", StringComparison.Ordinal) || line.Contains("ingresses", StringComparison.Ordinal));
        Assert.True(lastBalancer < World.Log.FindIndex(line => line.StartsWith("delete namespaces", StringComparison.Ordinal)));
        Assert.Contains(said, line => line.StartsWith("waiting for", StringComparison.Ordinal) && line.Contains("edge/public", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_namespace_that_cannot_be_deleted_is_emptied_of_what_has_volumes()
    {
        Put("persistentvolumeclaims", "default", "notes", """{"spec":{"volumeName":"pv-notes"}}""");
        Volume("pv-notes", "Delete", "default", "notes");
        Put("deployments", "default", "notes", Workload("notes", """ "volumes": [{"name":"v","persistentVolumeClaim":{"claimName":"notes"}}], """));
        Put("deployments", "default", "plain", Workload("plain", ""));
        Assert.Contains("delete the claims and snapshots of namespace default, and the workloads that use them (1 claim, 0 snapshots)", await new StackRemoval(_process.Session).ListAsync(default));

        await new StackRemoval(_process.Session).DrainAsync(null, TimeSpan.FromMinutes(20), default);

        Assert.Null(Find("deployments", "default", "notes"));
        Assert.NotNull(Find("deployments", "default", "plain"));
        Assert.NotNull(Find("namespaces", null, "default"));
        Assert.Null(Find("persistentvolumes", null, "pv-notes"));
    }

    [Fact]
    public async Task What_does_not_go_is_named_when_the_time_is_up_and_nothing_that_comes_after_it_is_deleted()
    {
        Find("services", "edge", "public")!["metadata"]!["finalizers"]![0] = "stuck";
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => new StackRemoval(_process.Session).DrainAsync(null, TimeSpan.FromSeconds(30), default));
        Assert.Equal((FailureKind.TimedOut, "edge/public"), (failure.Kind, failure.Target));
        Assert.Contains("-SkipDrain", failure.Advice, StringComparison.Ordinal);
        Assert.NotEmpty(World.All("persistentvolumeclaims"));
    }

    [Fact]
    public async Task A_drain_that_was_stopped_goes_on_where_it_was()
    {
        await Assert.ThrowsAnyAsync<ProcessKilledException>(() => new StackRemoval(Process(new Faults { KillAfterChange = 4 }).Session).DrainAsync(null, TimeSpan.FromMinutes(20), default));
        await new StackRemoval(Process().Session).DrainAsync(null, TimeSpan.FromMinutes(20), default);
        Assert.Empty(World.All("persistentvolumeclaims"));
        Assert.Empty(World.All("volumesnapshotcontents"));
        Assert.Empty(await new StackRemoval(_process.Session).ListAsync(default));
    }

    [Fact]
    public async Task A_cluster_that_made_nothing_has_nothing_to_drain()
    {
        World.Objects.Clear();
        Assert.Empty(await new StackRemoval(_process.Session).ListAsync(default));
        await new StackRemoval(_process.Session).DrainAsync(null, TimeSpan.FromMinutes(1), default);
        Assert.Empty(World.Log);
    }

    [Fact]
    public async Task What_is_left_is_listed_by_kind_and_what_may_not_be_asked_for_is_named()
    {
        World.Snapshots.Add(new() { Id = "payments-manual-1", Database = "payments", Cluster = "test", Status = "available" });
        World.Snapshots.Add(new() { Id = "theirs", Database = "other", Cluster = "other", Status = "available" });
        _process.Aws.LogGroups = ["/aws/eks/test/cluster"];
        var left = await new StackRemoval(_process.Session).FindLeftAsync(default);
        Assert.Equal([("load balancer", "edge"), ("database snapshot", "payments"), ("log group", "")], left.Select(one => (one.Kind, one.Name)));
        Assert.Equal("/aws/eks/test/cluster", left[^1].Id);

        _process.Aws.LogGroups = null;
        var unasked = (await new StackRemoval(_process.Session).FindLeftAsync(default))[^1];
        Assert.Equal(("log group", "?"), (unasked.Kind, unasked.Id));
        Assert.Contains("permission missing: logs:DescribeLogGroups", unasked.Why, StringComparison.Ordinal);
    }

    private void Volume(string name, string policy, string @namespace, string claim) => Put("persistentvolumes", null, name, $$"""
        {"metadata":{"annotations":{"pv.kubernetes.io/provisioned-by":"ebs.csi.aws.com"} },"spec":{"persistentVolumeReclaimPolicy":"{{policy}}","claimRef":{"namespace":"{{@namespace}}","name":"{{claim}}"} } }
        """);

    private void Content(string name, string policy, string @namespace, string snapshot) => Put("volumesnapshotcontents", null, name, $$"""
        {"spec":{"deletionPolicy":"{{policy}}","source":{"volumeHandle":"vol-1"},"volumeSnapshotRef":{"namespace":"{{@namespace}}","name":"{{snapshot}}"} } }
        """);

    private static string Workload(string name, string volumes) => $$"""
        {"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":1,"selector":{"matchLabels":{"app":"{{name}}"} },"template":{"metadata":{"labels":{"app":"{{name}}"} },"spec":{ {{volumes}} "containers":[{"name":"main","image":"{{name}}:1"}]} } } }
        """;

    private sealed class Heard(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }
}
