using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>A disruption budget of one pod at a time: where there is none, and in place of budgets that allow nothing, allow too much, or overlap.</summary>
internal static class BudgetChanges
{
    private static readonly IntOrPercent One = new(1, IsPercent: false);

    public static IEnumerable<Candidate> OfBudget(ClusterModel model, Subject subject)
    {
        foreach (var budget in model.Budgets.Where(budget => Subject.Of(budget) == subject))
        {
            var changed = budget with { MinAvailable = null, MaxUnavailable = One };
            yield return Candidate.Manifest(
                model.With(model.Budgets.Replace(budget, changed)), subject.ToString(), Snippet.Budget(budget.Namespace, budget.Name, budget.Selector),
                budget.MinAvailable is { } least ? Candidate.Edit("spec", $"minAvailable {least}", "maxUnavailable 1") : Candidate.Edit("spec.maxUnavailable", $"{budget.MaxUnavailable}", "1"));
        }
    }

    public static bool IsCovered(ClusterModel model, Workload workload) => model.Budgets.Any(budget => budget.Covers(workload.Namespace, workload.Pods.Labels));

    public static DisruptionBudget Own(Workload workload) =>
        new(workload.Namespace, workload.Name, workload.Selector ?? LabelSelector.Of(workload.Pods.Labels), null, One);

    /// <summary>Replaces all budgets that cover its pods.</summary>
    public static IEnumerable<Candidate> OfWorkload(ClusterModel model, Workload workload)
    {
        var own = Own(workload);
        var covering = model.Budgets.Where(budget => budget.Covers(workload.Namespace, workload.Pods.Labels)).ToList();
        yield return Candidate.Manifest(
            model.With([.. model.Budgets.Except(covering), own]), $"PodDisruptionBudget {workload.Id}", Snippet.Budget(own.Namespace, own.Name, own.Selector),
            Candidate.Edit("spec.maxUnavailable", "", "1"),
            covering.Count == 0 ? null : Candidate.Edit("besides", string.Join(", ", covering.Select(budget => budget.Name)), "none, delete them"));
    }
}
