namespace HaCluster.Planning.Policies.Rules;

internal sealed class DisruptionBudgets : Policy
{
    public override string Id => "disruption-budgets";

    public override string Title => "whatever runs more than once has a budget that drains respect";

    public override string Why => "Without one, draining two nodes at the same time may take all replicas away.";

    public override Uri Source { get; } = new("https://kubernetes.io/docs/tasks/run-application/configure-pdb/");

    public override string Fix => "declare a PodDisruptionBudget that selects the pods, or podDisruptionBudget in the values of the chart";

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var workload in graph.Replicas.Where(workload => !workload.HasBudget))
            yield return Violation(workload.Resource, $"{workload.Count} without a disruption budget");

        foreach (var tree in graph.Trees.Where(tree => tree.Kind is not null && tree.Branches.All(branch => branch.Replicas is null)))
            yield return NotInspected(tree.Kind!, tree.Resource.Name);
    }
}
