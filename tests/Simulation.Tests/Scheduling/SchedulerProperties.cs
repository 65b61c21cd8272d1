using FsCheck.Xunit;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;
using HaCluster.Simulation.Tests.Scheduling.Reference;

namespace HaCluster.Simulation.Tests.Scheduling;

/// <summary>What must hold in any cluster after any sequence of steps.</summary>
public sealed class SchedulerProperties
{
    private const int Runs = 400;
    private const string Gpu = "nvidia.com/gpu";

    [Property(MaxTest = Runs, EndSize = 120)]
    public void Nodes_are_feasible_or_refused_as_the_documentation_says((byte, byte, byte)[] steps)
    {
        RandomCluster cluster = null!;
        cluster = new RandomCluster { Decided = (pod, result) => AssertLikeReference(cluster, pod, result) };
        cluster.Play(steps);
    }

    [Property(MaxTest = Runs, EndSize = 120)]
    public void Pods_that_share_existing_volumes_are_placed_by_these_rules_too((byte, byte, byte)[] steps)
    {
        RandomCluster cluster = null!;
        cluster = new RandomCluster(hasStorage: true) { Decided = (pod, result) => AssertLikeReference(cluster, pod, result) };
        cluster.Play(steps);
    }

    [Property(MaxTest = Runs, EndSize = 120)]
    public void The_node_of_the_highest_score_is_chosen((byte, byte, byte)[] steps)
    {
        RandomCluster cluster = null!;
        cluster = new RandomCluster { Decided = (pod, result) => AssertBest(cluster, pod, result) };
        cluster.Play(steps);
    }

    [Property(MaxTest = Runs, EndSize = 120)]
    public void No_node_gives_more_than_it_has((byte, byte, byte)[] steps)
    {
        var cluster = new RandomCluster();
        cluster.Play(steps);
        foreach (var node in cluster.State.Nodes)
        {
            var requested = node.Pods.Aggregate(Resources.None, (sum, pod) => sum + pod.Spec.Requests);
            Assert.Equal(requested, node.Requested);
            Assert.True(requested.FitsInto(node.Node.Allocatable));
            Assert.Equal(node.Pods.Count, node.PodCount);
            Assert.True(node.PodCount <= node.Node.MaxPods);
            Assert.Equal(node.Pods.Sum(pod => pod.Spec.Volumes.Length), node.VolumeCount);
            Assert.True(node.VolumeCount <= node.Node.MaxEbsVolumes);
            Assert.True(node.Pods.Sum(pod => pod.Spec.Extended.GetValueOrDefault(Gpu)) <= node.Node.Extended[Gpu]);
        }
    }

    [Property(MaxTest = Runs, EndSize = 120)]
    public void Anti_affinity_holds_between_all_pods_at_all_times((byte, byte, byte)[] steps)
    {
        var cluster = new RandomCluster(isStable: true);
        cluster.Play(steps);
        foreach (var pod in cluster.Bound)
        {
            foreach (var term in pod.Spec.Affinity.Apart)
            {
                var own = cluster.State.NodeOf(pod)!;
                Assert.DoesNotContain(cluster.Bound, other => other != pod
                    && term.Selects(pod.Namespace, other.Namespace, other.Spec.Labels)
                    && ReferenceScheduler.AreTogether(own, cluster.State.NodeOf(other)!, term.TopologyKey));
            }
        }
    }

    [Property(MaxTest = Runs, EndSize = 120)]
    public void The_same_seed_decides_the_same((byte, byte, byte)[] steps)
    {
        Assert.Equal(Decisions(steps), Decisions(steps));

        static List<string> Decisions((byte, byte, byte)[] steps)
        {
            var decisions = new List<string>();
            new RandomCluster { Decided = (pod, result) => decisions.Add($"{pod} {result}") }.Play(steps);
            return decisions;
        }
    }

    [Property(MaxTest = Runs, EndSize = 120)]
    public void Binding_and_unbinding_leaves_no_trace((byte, byte, byte)[] steps, byte who, bool hasStorage)
    {
        var cluster = new RandomCluster(hasStorage: hasStorage);
        cluster.Play(steps);
        if (cluster.State.Nodes.Count == 0)
            return;
        var before = Answers(cluster, cluster.State);
        var node = cluster.State.Nodes[who % cluster.State.Nodes.Count];
        var guest = Sample.Pod("guest", Sample.App("web") with
        {
            Affinity = new Affinity
            {
                Apart = [Sample.Near(Labels.Zone, "web")],
                PreferredNear = [new PreferredPods(9, Sample.Near(Labels.Zone, "store"))],
            },
        });
        cluster.State.Bind(guest, node);
        cluster.State.Unbind(guest);
        Assert.Equal(before, Answers(cluster, cluster.State));
    }

    [Property(MaxTest = Runs, EndSize = 120)]
    public void A_clone_answers_like_its_source_and_goes_its_own_way((byte, byte, byte)[] steps, byte who, bool hasStorage)
    {
        var cluster = new RandomCluster(hasStorage: hasStorage);
        cluster.Play(steps);
        var before = Answers(cluster, cluster.State);
        var clone = cluster.State.Clone();
        Assert.Equal(before, Answers(cluster, clone));
        Assert.Equal(cluster.State.Nodes.Select(node => node.Index), clone.Nodes.Select(node => node.Index));
        clone.Add(Sample.Node("new", "d"));
        foreach (var pod in cluster.Bound.Where((_, at) => (at + who) % 2 == 0))
            clone.Unbind(pod);
        clone.Taint(clone.Nodes[who % clone.Nodes.Count], Taint.Unreachable);
        clone.Remove(clone.Nodes[0]);
        Assert.Equal(before, Answers(cluster, cluster.State));
    }

    /// <summary>What the scheduler says of every pod that ever ran, as if it came once more.</summary>
    private static List<string> Answers(RandomCluster cluster, ClusterState state) =>
        [.. cluster.Bound.Select(pod => cluster.Scheduler.Schedule(state, new Pod(pod.Workload, pod.Ordinal, pod.Spec)).ToString())];

    private static void AssertLikeReference(RandomCluster cluster, Pod pod, SchedulingResult result)
    {
        var reference = new ReferenceScheduler(cluster.State);
        var expected = cluster.State.Nodes.ToDictionary(node => node.Node.Name, node => reference.Refusals(pod, node));
        var feasible = cluster.State.Nodes.Where(node => cluster.Scheduler.Fits(cluster.State, pod, node))
            .Select(node => node.Node.Name).ToArray();
        if (pod.Namespace == "other" && pod.Spec.Volumes.Any(volume => volume.Owner == ClaimOwner.Other))
        {
            Assert.Equal(ClaimFaultKind.Missing, result.Fault?.Kind);
            Assert.Empty(feasible);
            return;
        }

        Assert.Equal(expected.Where(node => node.Value.Count == 0).Select(node => node.Key).Order(), feasible.Order());
        if (result.Node is { } node)
            Assert.Contains(node.Node.Name, feasible);
        else
            Assert.Equal(Histogram(expected.Values.SelectMany(reasons => reasons)),
                Histogram(result.Refusals.SelectMany(refused => Enumerable.Repeat(refused.Reason, refused.Count))));
    }

    private static string Histogram(IEnumerable<FilterReason> reasons) =>
        string.Join(", ", reasons.GroupBy(reason => reason).OrderBy(same => same.Key).Select(same => $"{same.Count()} {same.Key}"));

    private static void AssertBest(RandomCluster cluster, Pod pod, SchedulingResult result)
    {
        if (result.Node is not { } chosen)
            return;
        var reference = new ReferenceScheduler(cluster.State);
        var feasible = cluster.State.Nodes.Where(node => reference.Refusals(pod, node).Count == 0).ToArray();
        var scores = new ReferenceScores(cluster.State, pod, feasible);
        Assert.Equal(feasible.Max(scores.Of), scores.Of(chosen));
    }
}
