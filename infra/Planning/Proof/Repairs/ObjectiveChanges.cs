using System.Globalization;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Repairs;

/// <summary>Where nothing keeps the replicas up: a promise that can be kept. The last resort, since it makes nothing better but says what is so.</summary>
internal static class ObjectiveChanges
{
    public static IEnumerable<Candidate> Of(ClusterModel model, Workload workload)
    {
        for (var least = workload.MinServing - 1; least >= 0; least--)
        {
            yield return new Candidate(
                new Repair($"objectives.serving, {workload.Id}", Text(workload.MinServing), Text(least), IsVerified: false),
                model.With(workload, workload with { MinServing = least }));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
