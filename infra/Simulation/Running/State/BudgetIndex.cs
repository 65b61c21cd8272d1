using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running.State;

/// <summary>The disruption budgets of each workload. Immutable, so copies share it.</summary>
internal sealed class BudgetIndex
{
    private readonly int[][] _budgetsOf;
    private readonly int[][] _workloadsOf;

    /// <param name="workloads">By slot.</param>
    public BudgetIndex(IEnumerable<DisruptionBudget> budgets, IReadOnlyCollection<Workload> workloads)
    {
        Budgets = [.. budgets];
        Cover = new BudgetCover(Budgets);
        _budgetsOf = [.. workloads.Select(workload => Indices(Budgets, budget => budget.Covers(workload.Namespace, workload.Pods.Labels)))];
        _workloadsOf = [.. Budgets.Select(budget => Indices(workloads, workload => budget.Covers(workload.Namespace, workload.Pods.Labels)))];
    }

    public DisruptionBudget[] Budgets { get; }

    public BudgetCover Cover { get; }

    public int[] BudgetsOf(int workload) => _budgetsOf[workload];

    public int[] WorkloadsOf(int budget) => _workloadsOf[budget];

    private static int[] Indices<T>(IEnumerable<T> items, Func<T, bool> isWanted) =>
        [.. items.Select((item, index) => (item, index)).Where(pair => isWanted(pair.item)).Select(pair => pair.index)];
}
