using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>Changes that might remove a violation, by its cause; smallest first.</summary>
internal static class FixCandidates
{
    public static IEnumerable<Candidate> Of(Violation violation, ClusterModel model, ProofOptions options, Func<ClusterModel, bool> isGone)
    {
        var workload = WorkloadOf(violation, model);
        return (violation.Cause, workload) switch
        {
            (Cause.NotRunning, { } one) => VolumeChanges.Of(model, one).Concat(NodeChanges.Of(model, violation, options, isGone)),
            (Cause.Room or Cause.NotRunning, _) => NodeChanges.Of(model, violation, options, isGone),
            (Cause.TooFewReplicas, { } one) => WorkloadChanges.MoreReplicas(model, one),
            (Cause.NotKeptApart or Cause.PreferredOnly, { } one) => WorkloadChanges.ReplicaSeparation(model, one).Concat(WorkloadChanges.MoreReplicas(model, one)),
            (Cause.CountsOldPods, { } one) => WorkloadChanges.SpreadByRevision(model, one),
            (Cause.VolumeInUse, { } one) => WorkloadChanges.Recreated(model, one),
            (Cause.SpreadRule, { } one) => WorkloadChanges.LooserSpread(model, one),
            (Cause.Waiting, { } one) => WorkloadChanges.MoreReplicas(model, one),
            (Cause.AllInTwo or Cause.Preempted or Cause.Disrupted, { } one) =>
                NodeChanges.Of(model, violation, options, isGone).Concat(WorkloadChanges.ReplicaSeparation(model, one)).Concat(WorkloadChanges.MoreReplicas(model, one)),
            (Cause.GracePeriod, { } one) => WorkloadChanges.ShorterGrace(model, one),
            (Cause.Slow, { } one) => WorkloadChanges.ShorterToleration(model, one),
            (Cause.NoLimit, { } one) => WorkloadChanges.Limits(model, one),
            (Cause.NoBudget or Cause.SeveralBudgets, { } one) => BudgetChanges.OfWorkload(model, one),
            (Cause.BudgetBlocks or Cause.WideBudget, _) => BudgetChanges.OfBudget(model, violation.Subject),
            (Cause.QuotaTooSmall, _) => QuotaChanges.MoreRoom(model, violation),
            (Cause.NoQuota, _) => QuotaChanges.NewQuota(model, violation.Subject),
            (Cause.NoMajority or Cause.OneZone, _) => AwsChanges.OfSearch(model, violation.Subject).Concat(AwsChanges.OfDatabase(model, violation.Subject)),
            (Cause.NoRoute, _) => violation.Subject == Subject.Nat ? AwsChanges.OfNat(model) : AwsChanges.OfEntryPoint(model, violation.Subject),
            _ => [],
        };
    }

    /// <summary>Objectives that the current cluster would meet.</summary>
    public static IEnumerable<Candidate> Accepting(Violation violation, ClusterModel model) => (violation.Cause, WorkloadOf(violation, model)) switch
    {
        (Cause.TooFewReplicas or Cause.NotKeptApart or Cause.PreferredOnly or Cause.AllInTwo or Cause.Waiting or Cause.Preempted or Cause.Disrupted, { } one) =>
            ObjectiveChanges.FewerServing(model, one),
        (Cause.Slow, var one) => ObjectiveChanges.LongerRecovery(model, one),
        _ => [],
    };

    private static Workload? WorkloadOf(Violation violation, ClusterModel model) => violation.Subject.Kind != SubjectKind.Workload
        ? null
        : model.Workloads.FirstOrDefault(one => Subject.Of(one) == violation.Subject);
}
