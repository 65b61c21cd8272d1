using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling;

/// <summary>Who has to go, by https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/.</summary>
public sealed class PreemptionTests
{
    private readonly ClusterState _cluster = new([Sample.Node("node-1", "a"), Sample.Node("node-2", "b")]);
    private readonly Scheduler _scheduler = new(new SchedulerOptions());

    [Fact]
    public void Only_less_important_pods_go()
    {
        Run("node-1", "equal", 4000, priority: 10);
        var low = Run("node-2", "low", 4000, priority: 9);
        var eviction = Preempt(Asking(1000, priority: 10))!;
        Assert.Equal("node-2", eviction.Node.Node.Name);
        Assert.Equal<Pod>([low], eviction.Victims);
        Assert.Same(_cluster.Find("node-2"), eviction.Node);
    }

    [Fact]
    public void No_pod_is_preempted_for_one_that_never_preempts_or_would_not_fit_afterwards()
    {
        Run("node-1", "low", 4000, priority: 0);
        Run("node-2", "low-too", 4000, priority: 0);
        Assert.Null(Preempt(Asking(1000, priority: 10) with { Preempts = false }));
        Assert.Null(Preempt(Asking(5000, priority: 10)));
        Assert.Null(Preempt(Asking(1000, priority: 10) with { NodeSelector = Labels.Of(("disk", "ssd")) }));
    }

    [Fact]
    public void As_few_as_possible_go_and_the_important_ones_stay()
    {
        _cluster.Remove(_cluster.Find("node-2")!);
        Run("node-1", "middle", 1500, priority: 5);
        var low = Run("node-1", "low", 1500, priority: 1);
        Run("node-1", "lowest-but-small", 500, priority: 0);
        Run("node-1", "other", 500, priority: 3);
        var eviction = Preempt(Asking(1500, priority: 10))!;

        // Reprieved from the top: middle and other stay, low does not fit, the small one fits again.
        Assert.Equal<Pod>([low], eviction.Victims);
    }

    [Fact]
    public void A_budget_is_kept_where_another_node_allows_it()
    {
        Run("node-1", "guarded", 4000, priority: 0);
        var open = Run("node-2", "open", 4000, priority: 5);
        DisruptionBudget[] budgets = [new("default", "guard", Sample.Selecting("guarded"), new IntOrPercent(1, IsPercent: false), null)];
        Assert.Equal<Pod>([open], Preempt(Asking(1000, priority: 10), budgets)!.Victims);
        Assert.Equal("node-1", Preempt(Asking(1000, priority: 10))!.Node.Node.Name);
    }

    [Fact]
    public void A_budget_is_broken_only_for_want_of_another_way()
    {
        var guarded = Run("node-1", "guarded", 4000, priority: 0);
        Run("node-2", "important", 4000, priority: 20);
        DisruptionBudget[] budgets = [new("default", "guard", Sample.Selecting("guarded"), new IntOrPercent(1, IsPercent: false), null)];
        var eviction = Preempt(Asking(1000, priority: 10), budgets)!;
        Assert.Equal<Pod>([guarded], eviction.Victims);
        Assert.Equal(1, eviction.BudgetViolations);
    }

    [Fact]
    public void Pods_under_a_budget_are_reprieved_before_others_of_the_same_node()
    {
        _cluster.Remove(_cluster.Find("node-2")!);
        Run("node-1", "guarded", 2000, priority: 0);
        var free = Run("node-1", "free", 2000, priority: 5);
        DisruptionBudget[] budgets = [new("default", "guard", Sample.Selecting("guarded"), null, new IntOrPercent(0, IsPercent: false))];
        Assert.Equal<Pod>([free], Preempt(Asking(2000, priority: 10), budgets)!.Victims);
    }

    [Fact]
    public void A_budget_with_room_does_not_protect()
    {
        var first = Run("node-1", "guarded", 4000, priority: 0);
        Run("node-2", "guarded", 4000, priority: 0);
        DisruptionBudget[] budgets = [new("default", "guard", Sample.Selecting("guarded"), new IntOrPercent(1, IsPercent: false), null)];
        var eviction = Preempt(Asking(1000, priority: 10) with { NodeSelector = Labels.Of((Labels.Host, "node-1")) }, budgets)!;
        Assert.Equal<Pod>([first], eviction.Victims);
        Assert.Equal(0, eviction.BudgetViolations);
    }

    [Theory]
    [InlineData(WorkloadKind.Pod, 1)]
    [InlineData(WorkloadKind.DaemonSet, 1)]
    [InlineData(WorkloadKind.Job, 1)]
    [InlineData(WorkloadKind.Deployment, 0)]
    public void A_budget_of_a_share_allows_nothing_where_nobody_says_how_many_pods_there_should_be(WorkloadKind kind, int violations)
    {
        _cluster.Bind(Sample.Pod("guarded", Sample.App("guarded") with { Requests = new Resources(4000, 0, 0) }, kind), _cluster.Find("node-1")!);
        DisruptionBudget[] budgets = [new("default", "guard", Sample.Selecting("guarded"), null, new IntOrPercent(100, IsPercent: true))];
        var asking = Asking(1000, priority: 10) with { NodeSelector = Labels.Of((Labels.Host, "node-1")) };
        Assert.Equal(violations, Preempt(asking, budgets)!.BudgetViolations);
    }

    [Theory]
    [InlineData(new[] { 5 }, new[] { 1 }, "node-2")]
    [InlineData(new[] { 5, 5 }, new[] { 5, 4 }, "node-2")]
    [InlineData(new[] { 5, 5 }, new[] { 5 }, "node-2")]
    [InlineData(new[] { 5 }, new[] { 5 }, "node-2")]
    public void The_node_whose_victims_matter_least_is_chosen(int[] first, int[] second, string chosen)
    {
        foreach (var (node, priorities) in new[] { ("node-1", first), ("node-2", second) })
        {
            foreach (var priority in priorities)
                Run(node, "victim", 4000 / priorities.Length, priority);
        }

        Assert.Equal(chosen, Preempt(Asking(4000, priority: 10))!.Node.Node.Name);
    }

    [Fact]
    public void Anti_affinity_to_a_less_important_pod_is_settled_by_preemption()
    {
        var rival = Run("node-1", "rival", 100, priority: 0);
        var asking = Asking(100, priority: 10) with
        {
            Affinity = new Affinity { Apart = [Sample.Near(Labels.Host, "rival")] },
            NodeSelector = Labels.Of((Labels.Host, "node-1")),
        };
        Assert.Equal<Pod>([rival], Preempt(asking)!.Victims);
    }

    [Fact]
    public void Looking_for_victims_changes_nothing()
    {
        var low = Run("node-1", "low", 4000, priority: 0);
        Preempt(Asking(1000, priority: 10));
        Assert.Equal("node-1", _cluster.NodeOf(low)!.Node.Name);
        Assert.Equal(4000, _cluster.Find("node-1")!.Requested.MilliCpu);
    }

    private static PodSpec Asking(long milliCpu, int priority) =>
        Sample.App("asking") with { Requests = new Resources(milliCpu, 0, 0), Priority = priority };

    private Pod Run(string node, string app, long milliCpu, int priority)
    {
        var pod = Sample.Pod(app, Sample.App(app) with { Requests = new Resources(milliCpu, 0, 0), Priority = priority }, WorkloadKind.Pod);
        _cluster.Bind(pod, _cluster.Find(node)!);
        return pod;
    }

    private Eviction? Preempt(PodSpec asking, params DisruptionBudget[] budgets) =>
        Preemption.Find(_scheduler, _cluster, Sample.Pod("asking", asking), new BudgetCover(budgets));
}
