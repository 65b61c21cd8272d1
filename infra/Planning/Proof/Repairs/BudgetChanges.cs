using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Repairs;

/// <summary>A budget of one pod at a time: where there is none, in place of one that lets nothing go, and instead of two.</summary>
internal static class BudgetChanges
{
    private static readonly IntOrPercent One = new(1, IsPercent: false);

    public static IEnumerable<Candidate> Of(ClusterModel model, string subject)
    {
        foreach (var budget in model.Budgets.Where(budget => subject == $"budget {budget.Namespace}/{budget.Name}"))
        {
            var relaxed = budget with { MinAvailable = null, MaxUnavailable = One };
            yield return new Candidate(
                new Repair($"PodDisruptionBudget {budget.Namespace}/{budget.Name}", Said(budget), "maxUnavailable 1", IsVerified: false),
                model with { Budgets = model.Budgets.Replace(budget, relaxed) });
        }

        foreach (var workload in model.Workloads.Where(workload => workload.Id == subject))
        {
            var own = new DisruptionBudget(workload.Namespace, workload.Name, LabelSelector.Of(workload.Pods.Labels), null, One);
            var others = model.Budgets.Where(budget => !budget.Covers(workload.Namespace, workload.Pods.Labels)).ToList();
            yield return new Candidate(
                new Repair($"PodDisruptionBudget of {workload.Id}", others.Count == model.Budgets.Length ? "none" : "several", "one with maxUnavailable 1", IsVerified: false),
                model with { Budgets = [.. others, own] });
        }
    }

    private static string Said(DisruptionBudget budget) =>
        budget.MinAvailable is { } least ? $"minAvailable {least}" : $"maxUnavailable {budget.MaxUnavailable}";
}
