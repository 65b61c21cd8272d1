using FsCheck.Xunit;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling;

/// <summary>Who is placed, and at whose cost, when many pods wait at once.</summary>
public sealed class PodQueueTests
{
    private readonly ClusterState _cluster = new([Sample.Node("node-1", "a"), Sample.Node("node-2", "b")]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Room_that_another_pod_makes_goes_to_the_most_important_even_if_it_never_preempts(int seed)
    {
        string[] victims = ["low-1", "low-2", "low-3", "low-4"];
        foreach (var (name, at) in victims.Select((name, at) => (name, at)))
            Run(at < 2 ? "node-1" : "node-2", name, 2000, priority: 10);

        var placed = Place(seed, Pod("high", 2000, 1000, preempts: false), Pod("mid-1", 2000, 500), Pod("meek", 2000, 400, preempts: false), Pod("mid-2", 2000, 500));

        Assert.Equal(["high", "mid-1", "mid-2"], placed.Where(pod => pod.Node is not null).Select(pod => pod.Pod.Name).Order());
        Assert.Equal("0/2 nodes are available: 2 Insufficient cpu.", placed.Single(pod => pod.Pod.Name == "meek").Result.ToString());
        Assert.Equal(3, victims.Length - _cluster.Nodes.SelectMany(node => node.Pods).Count(pod => victims.Contains(pod.Name)));
        Assert.All(_cluster.Nodes, node => Assert.True(node.Requested.FitsInto(node.Node.Allocatable)));
    }

    [Fact]
    public void Whoever_loses_the_room_it_made_and_finds_no_more_victims_waits()
    {
        Run("node-1", "low", 4000, priority: 10);
        Run("node-2", "peer", 4000, priority: 500);

        var placed = Place(0, Pod("high", 4000, 1000, preempts: false), Pod("mid", 4000, 500));

        Assert.Equal(("node-1", null), (Named(placed, "high").Node?.Node.Name, Named(placed, "mid").Node));
        Assert.Equal("low", Assert.Single(Named(placed, "mid").Eviction!.Victims).Name);
    }

    [Fact]
    public void A_nominated_pod_keeps_its_room_from_those_that_are_no_more_important()
    {
        Run("node-2", "full", 4000, priority: 5000);
        var victim = Run("node-1", "ending", 2000, priority: 10);
        _cluster.End(victim);
        var queue = new PodQueue(new Scheduler(new SchedulerOptions()), _cluster, new BudgetCover([]));
        queue.AddNominated(Pod("nominated", 3000, 500), "node-1", awaitsVictims: true);
        queue.Add(Pod("equal", 2000, 500));
        queue.Add(Pod("more-important", 1000, 900));
        queue.Add(Pod("small", 100, 1));
        var placed = All(queue);

        // 2000m are free, 1000m of them only until the victim has ended; what is more important does not care.
        Assert.Equal("node-1", Named(placed, "more-important").Node!.Node.Name);
        Assert.All(["nominated", "equal", "small"], name => Assert.Null(Named(placed, name).Node));
        Assert.Null(Named(placed, "nominated").Eviction);
    }

    [Fact]
    public void A_nominated_node_is_taken_first_even_where_another_suits_better()
    {
        Run("node-1", "busy", 3000, priority: 0);
        var queue = new PodQueue(new Scheduler(new SchedulerOptions()), _cluster, new BudgetCover([]));
        queue.AddNominated(Pod("nominated", 500, 10), "node-1", awaitsVictims: false);

        Assert.Equal("node-1", Assert.Single(All(queue)).Node!.Node.Name);
    }

    [Fact]
    public void Room_that_a_preempting_pod_does_not_need_goes_to_one_refused_before()
    {
        Run("node-1", "small-1", 2400, priority: 0);
        Run("node-2", "small-2", 2400, priority: 0);
        var queue = new PodQueue(new Scheduler(new SchedulerOptions()), _cluster, new BudgetCover([]));
        queue.Add(Pod("modest", 1700, 4, preempts: false));
        queue.Add(Pod("preempting", 1700, 4));

        Assert.All(All(queue).Where(placed => placed.Pod.Name is "modest" or "preempting"), placed => Assert.NotNull(placed.Node));
    }

    [Fact]
    public void What_a_budget_allows_is_what_its_status_says()
    {
        Run("node-1", "guarded", 4000, priority: 0);
        Run("node-2", "open", 4000, priority: 5);
        var budget = new DisruptionBudget("default", "guard", Sample.Selecting("guarded"), new IntOrPercent(0, IsPercent: false), null);

        // The bound pod is taken for healthy and may go, unless the status knows better; one whose eviction is under way is no violation.
        Assert.Equal("guarded", VictimUnder(budget));
        Assert.Equal("open", VictimUnder(budget with { Status = new BudgetStatus(0, []) }));
        Assert.Equal("guarded", VictimUnder(budget with { Status = new BudgetStatus(0, ["guarded"]) }));
        Assert.Equal("guarded", VictimUnder(budget with { Status = new BudgetStatus(1, []) }));

        string VictimUnder(DisruptionBudget budget) => Preemption.Find(
            new Scheduler(new SchedulerOptions()), _cluster, Pod("asking", 1000, 10), new BudgetCover([budget], readsStatus: true))!.Victims.Single().Name;
    }

    [Fact]
    public void Each_eviction_takes_one_from_what_the_status_allows()
    {
        Run("node-1", "guarded-1", 4000, priority: 0, app: "guarded");
        Run("node-2", "guarded-2", 4000, priority: 0, app: "guarded");
        var budget = new DisruptionBudget("default", "guard", Sample.Selecting("guarded"), null, new IntOrPercent(1, IsPercent: false)) { Status = new BudgetStatus(1, []) };
        var queue = new PodQueue(new Scheduler(new SchedulerOptions()), _cluster, new BudgetCover([budget], readsStatus: true));
        queue.Add(Pod("first", 4000, 10));
        queue.Add(Pod("second", 4000, 10));

        Assert.Equal([0, 1], All(queue).Select(pod => pod.Eviction!.BudgetViolations));
    }

    [Fact]
    public void Refusals_are_counted_by_kind_and_can_be_asked_for_node_by_node()
    {
        Run("node-1", "full", 4000, priority: 0);
        var scheduler = new Scheduler(new SchedulerOptions());
        var pod = Sample.Pod("web", Sample.App("web") with { NodeSelector = Labels.Of((Labels.Zone, "a")) });
        var result = scheduler.Schedule(_cluster, pod);

        Assert.Equal((1, 1, true), (result.CountOf(FilterReason.NodeAffinity), result.CountOf(FilterReason.Cpu), result.LacksRoom));
        Assert.Equal(FilterReason.Cpu, Assert.Single(scheduler.RefusalsOf(_cluster, pod, _cluster.Find("node-1")!)).Reason);
        Assert.Equal(FilterReason.NodeAffinity, Assert.Single(scheduler.RefusalsOf(_cluster, pod, _cluster.Find("node-2")!)).Reason);
    }

    [Property(MaxTest = 300, EndSize = 60)]
    public void When_the_queue_is_empty_nobody_waits_who_fits_or_could_preempt((byte Cpu, byte Priority, bool Preempts, bool IsRunning)[] pods, byte seed)
    {
        var state = new ClusterState(Enumerable.Range(0, 4).Select(number => Sample.Node($"node-{number}", "abc"[number % 3].ToString())));
        var scheduler = new Scheduler(new SchedulerOptions { Seed = seed });
        var budgets = new BudgetCover([new("default", "guard", Sample.Selecting("app-0"), new IntOrPercent(1, IsPercent: false), null)]);
        var queue = new PodQueue(scheduler, state, budgets);
        foreach (var (spec, number) in pods.Select((pod, number) => (pod, number)))
        {
            var pod = Pod($"pod-{number}", 100 * (1 + (spec.Cpu % 30)), spec.Priority % 5, spec.Preempts, $"app-{number % 3}");
            if (spec.IsRunning)
                scheduler.Place(state, pod);
            else
                queue.Add(pod);
        }

        var last = All(queue).GroupBy(placed => placed.Pod).Select(answers => answers.Last()).ToList();

        Assert.All(state.Nodes, node => Assert.True(node.Requested.FitsInto(node.Node.Allocatable)));
        Assert.Equal(last.Count, pods.Count(pod => !pod.IsRunning));
        foreach (var placed in last)
        {
            // Whom others preempted later is gone; nobody recreates a bare pod.
            Assert.True(placed.Node is null ? state.NodeOf(placed.Pod) is null : state.NodeOf(placed.Pod) is null || state.NodeOf(placed.Pod) == placed.Node);
            if (placed.Node is not null)
                continue;
            Assert.DoesNotContain(state.Nodes, node => scheduler.Fits(state, placed.Pod, node));
            Assert.Null(Preemption.Find(scheduler, state, placed.Pod, budgets));
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 10)];

    private List<PlacedPod> Place(int seed, params Pod[] pods)
    {
        var queue = new PodQueue(new Scheduler(new SchedulerOptions { Seed = seed }), _cluster, new BudgetCover([]));
        foreach (var pod in pods)
            queue.Add(pod);
        return All(queue);
    }

    private static List<PlacedPod> All(PodQueue queue)
    {
        var placed = new List<PlacedPod>();
        while (queue.Next() is { } next)
            placed.Add(next);
        return placed;
    }

    private static PlacedPod Named(List<PlacedPod> placed, string name) => placed.Single(pod => pod.Pod.Name == name);

    private static Pod Pod(string name, long milliCpu, int priority, bool preempts = true, string? app = null) => Sample.Pod(
        name, Sample.App(app ?? name) with { Requests = new Resources(milliCpu, 0, 0), Priority = priority, Preempts = preempts }, WorkloadKind.Pod);

    private Pod Run(string node, string name, long milliCpu, int priority, string? app = null)
    {
        var pod = Pod(name, milliCpu, priority, app: app);
        _cluster.Bind(pod, _cluster.Find(node)!);
        return pod;
    }
}
