using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class DisruptionBudgets : Policy
{
    public override string Id => "disruption-budgets";

    public override string Title => "every workload with several replicas has a disruption budget";

    public override string Why => "Without one, draining two nodes at the same time may evict all replicas.";

    public override Uri Source { get; } = new("https://kubernetes.io/docs/tasks/run-application/configure-pdb/");

    public override string Fix => "declare a PodDisruptionBudget that selects the pods, or podDisruptionBudget in the values of the chart";

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var one in graph.Workloads.Where(one => one.IsReplicated))
        {
            if (Problem(one.Workload, EvictionRoom.Of(graph.Cluster, one.Workload)) is { } problem)
                yield return Violation(one.Resource, one.Say($"{one.Workload.Replicas} replicas {problem}"));
        }

        foreach (var (kind, name) in graph.HiddenPods)
            yield return NotInspected(kind, name);
    }

    private static string? Problem(Workload workload, EvictionRoom room) => room switch
    {
        { Budgets.IsEmpty: true } => "without a disruption budget",
        { Budgets.Length: > 1 } => $"under {room.Budgets.Length} budgets: Kubernetes evicts no pod that has more than one",
        _ when room.Protects(workload) => null,
        { Allowed: 0 } => $"and a budget, {room.Budgets[0].Name}, that never allows an eviction: drains do not end",
        _ => $"and a budget, {room.Budgets[0].Name}, that allows evicting all of them at once",
    };
}
