using System.Globalization;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>Lower objectives that the cluster meets. They improve nothing, but state what is true.</summary>
internal static class ObjectiveChanges
{
    private const int MaxSteps = 24;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    public static IEnumerable<Candidate> FewerServing(ClusterModel model, Workload workload)
    {
        // The program refuses an objective for a workload that it does not declare.
        if (workload.IsOfManifests)
            yield break;
        for (var least = workload.MinServing - 1; least >= 0; least--)
        {
            yield return Candidate.Accept(
                model.With(workload, workload with { MinServing = least, ServingReason = "set by ha-cluster:objectives.serving" }),
                new FixEdit(["objectives", "serving", workload.Id], Candidate.Text(workload.MinServing), Candidate.Text(least)));
        }
    }

    /// <param name="workload">Null for a database.</param>
    public static IEnumerable<Candidate> LongerRecovery(ClusterModel model, Workload? workload)
    {
        var now = model.Objectives;
        for (var steps = 1; steps <= MaxSteps; steps++)
        {
            var (name, from, to, objectives) = workload switch
            {
                null => ("database", now.Database, now.Database + (Step * steps), now with { Database = now.Database + (Step * steps) }),
                { Pods.Volumes.IsEmpty: true } => ("stateless", now.Stateless, now.Stateless + (Step * steps), now with { Stateless = now.Stateless + (Step * steps) }),
                _ => ("stateful", now.Stateful, now.Stateful + (Step * steps), now with { Stateful = now.Stateful + (Step * steps) }),
            };
            yield return Candidate.Accept(model with { Objectives = objectives }, new FixEdit(["objectives", "recovery", name], Written(from), Written(to)));
        }
    }

    /// <summary>In the format of the settings: <c>90s</c>, <c>15m</c>.</summary>
    private static string Written(TimeSpan time) => time.TotalSeconds % 60 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0}m")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s");
}
