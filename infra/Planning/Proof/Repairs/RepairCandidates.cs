using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Repairs;

/// <summary>What might mend a violation, the smallest change first.</summary>
internal static class RepairCandidates
{
    public static IEnumerable<Candidate> Of(Violation violation, ClusterModel model)
    {
        var workload = model.Workloads.FirstOrDefault(one => one.Id == violation.Subject);
        return violation.Invariant switch
        {
            Invariant.StaticStability => NodeChanges.Of(model, violation.Subject),
            Invariant.Routes or Invariant.Quorum => AwsChanges.Of(model, violation.Subject),
            Invariant.QuotaRoom or Invariant.BlastRadius => LimitChanges.Of(model, violation),
            Invariant.Eviction => BudgetChanges.Of(model, violation.Subject),
            Invariant.RecoveryTime => TimeChanges.Of(model, violation),
            _ when workload is not null => WorkloadChanges.Of(model, workload, KeptApart.IsGuarded(workload, Labels.Zone))
                .Concat(violation.Scenario.Class is ScenarioClass.NodeLost or ScenarioClass.ZoneLost ? [] : NodeChanges.Of(model, violation.Subject, most: 2))
                .Concat(ObjectiveChanges.Of(model, workload)),
            _ => AwsChanges.Of(model, violation.Subject),
        };
    }

    public static ClusterModel With(this ClusterModel model, Workload old, Workload @new) =>
        model with { Workloads = model.Workloads.Replace(old, @new) };
}
