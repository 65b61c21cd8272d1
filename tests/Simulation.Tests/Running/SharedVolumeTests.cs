using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Status;
using static HaCluster.Simulation.Tests.Running.Sample;

namespace HaCluster.Simulation.Tests.Running;

/// <summary>Pods that share a claim: the scheduler knows its zone, and only attaching tells that the volume is for one node.</summary>
public sealed class SharedVolumeTests
{
    private static readonly VolumeClaim Claim = new("files", GiB, "gp3") { Owner = ClaimOwner.Other };

    [Fact]
    public void Replicas_on_another_node_of_the_zone_wait_with_multi_attach()
    {
        var web = Web(2) with { Pods = Web(2).Pods with { Affinity = new Affinity { Apart = [new PodAffinityTerm(LabelSelector.Of(Labels.Of(("app", "web"))), Labels.Host, [])] } } };
        var run = ClusterRun.InSteadyState(OneZone(web, Claim), NoLaunches);
        Assert.Equal((1, 2), (run.StatusOf(web).Ready, run.StatusOf(web).Desired));
        Assert.Contains("Multi-Attach", Assert.Single(run.StatusOf(web).Pending).Reason, StringComparison.Ordinal);

        // The volume goes over when its holder ends.
        run.Apply(new Disruption.PodLost("shop/web-0"));
        run.RunUntilQuiet(TimeSpan.FromHours(1));
        Assert.Equal(1, run.StatusOf(web).Ready);
    }

    [Fact]
    public void Nobody_waits_for_a_volume_that_many_nodes_may_attach()
    {
        var files = new StorageClass { Name = "efs", Driver = VolumeDriver.Find("efs.csi.aws.com") };
        var shared = Claim with { Access = VolumeAccess.ReadWriteMany, Class = files, StorageClass = "efs" };
        var web = Web(3, shared);
        var run = ClusterRun.InSteadyState(Cluster([Node("a", "a"), Node("b", "b"), Node("c", "c")], web) with { Storage = Storage(shared) }, NoLaunches);
        Assert.Equal(3, run.StatusOf(web).Ready);
        Assert.Equal(3, run.State.Nodes.Count(node => node.PodCount == 1));
    }

    [Fact]
    public void An_update_that_keeps_the_old_pod_waits_forever_on_another_node()
    {
        var web = Web(1) with { MaxSurge = 1, MaxUnavailable = 0, Pods = Web(1).Pods with { Affinity = new Affinity { Apart = [new PodAffinityTerm(LabelSelector.Of(Labels.Of(("app", "web"))), Labels.Host, [])] } } };
        var run = ClusterRun.InSteadyState(OneZone(web, Claim), NoLaunches);
        run.Apply(new Disruption.WorkloadUpdated("shop/web"));
        run.RunUntilQuiet(TimeSpan.FromHours(1));
        Assert.True(run.StatusOf(web).IsUpdating);
        Assert.Equal(WaitCause.Volume, Assert.Single(run.StatusOf(web).Pending).Cause);
    }

    [Fact]
    public void A_class_that_does_not_wait_for_the_pod_may_make_its_volume_where_the_pod_cannot_run()
    {
        var now = Claim with { Class = StorageClass.Ebs with { Name = "now", WaitsForPod = false }, StorageClass = "now" };
        var web = Web(1, now) with { Pods = Web(1, now).Pods with { NodeSelector = Labels.Of((Labels.Host, "a")) } };
        var run = ClusterRun.InSteadyState(Cluster([Node("a", "a"), Node("b", "b")], web) with { Storage = Storage(now) }, NoLaunches);
        Assert.Contains("at worst in zone b, before the pod has a node", Assert.Single(run.StatusOf(web).Pending).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Claims_that_exist_are_counted_once_by_a_quota()
    {
        var quota = new NamespaceQuota("shop", "quota", System.Collections.Immutable.ImmutableSortedDictionary<string, decimal>.Empty.Add("persistentvolumeclaims", 1));
        var web = Web(3);
        var run = ClusterRun.InSteadyState(OneZone(web, Claim) with { Quotas = [quota] }, NoLaunches);
        Assert.Equal(3, run.StatusOf(web).Desired - run.StatusOf(web).Pending.Count(pod => pod.Cause == WaitCause.Quota));
    }

    private static Workload Web(int replicas, VolumeClaim? claim = null) => Workload("web", replicas, pod: Pod("web") with { Volumes = [claim ?? Claim] });

    private static ClusterModel OneZone(Workload workload, VolumeClaim claim) => Cluster([Node("a", "a"), Node("a2", "a")], workload) with { Storage = Storage(claim) };

    private static ClusterStorage Storage(VolumeClaim claim) => new() { Claims = [new PersistentVolumeClaim("shop", claim.Name, claim)] };
}
