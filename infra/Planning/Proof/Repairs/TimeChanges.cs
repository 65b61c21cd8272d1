using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Repairs;

/// <summary>Pods that leave a dead node sooner; else an objective that can be kept.</summary>
internal static class TimeChanges
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private const int MostSteps = 24;

    public static IEnumerable<Candidate> Of(ClusterModel model, Violation violation)
    {
        if (model.Databases.Any(database => database.Name == violation.Subject))
        {
            foreach (var candidate in AwsChanges.Of(model, violation.Subject))
                yield return candidate;
        }

        if (model.Workloads.FirstOrDefault(workload => workload.Id == violation.Subject) is { } workload)
        {
            Toleration[] brief = [new(Taint.Unreachable.Key, true, "", TaintEffect.NoExecute, Soon), new(Taint.NotReady.Key, true, "", TaintEffect.NoExecute, Soon)];
            var hasty = workload with { Pods = workload.Pods with { Tolerations = [.. workload.Pods.Tolerations.Where(one => brief.All(other => other.Key != one.Key)), .. brief] } };
            yield return new Candidate(
                new Repair($"tolerationSeconds of {workload.Id} for unreachable and not-ready nodes", "300", "30", IsVerified: false), model.With(workload, hasty));
        }

        for (var steps = 1; steps <= MostSteps; steps++)
        {
            var objectives = new Objectives(model.Objectives.Stateless + (Step * steps), model.Objectives.Stateful + (Step * steps), model.Objectives.Database + (Step * steps));
            yield return new Candidate(
                new Repair("objectives.recovery", Said(model.Objectives), Said(objectives), IsVerified: false), model with { Objectives = objectives });
        }
    }

    private static string Said(Objectives objectives) =>
        $"stateless {Wording.Time(objectives.Stateless)}, stateful {Wording.Time(objectives.Stateful)}, database {Wording.Time(objectives.Database)}";
}
