using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>Snapshots, if the plan has a Velero schedule or a job with a snapshot class that creates them.</summary>
internal static class SnapshotCosts
{
    private const decimal Percent = 100;

    /// <param name="owner">The workload or chart whose volumes they are.</param>
    public static void Add(ResourceNode owner, DeclaredClaim claim, decimal gib, CostSheet sheet)
    {
        if (HasJob(claim.Namespace, sheet) || HasVelero(sheet))
            sheet.Assume(owner, UsageCatalog.Snapshots, gib / Percent, $"{claim.Owner}: snapshots");
    }

    private static bool HasJob(string @namespace, CostSheet sheet) => sheet.OfType("kubernetes:batch/v1:CronJob")
        .Where(job => job.Inputs.At("metadata", "namespace").Text() == @namespace)
        .SelectMany(job => job.Inputs.At("spec", "jobTemplate", "spec", "template", "spec", "containers").Items())
        .SelectMany(container => container.At("env").Items())
        .Any(variable => variable.At("name").Text() == "SNAPSHOT_CLASS");

    private static bool HasVelero(CostSheet sheet) => sheet.OfType("kubernetes:helm.sh/v3:Release")
        .SelectMany(release => release.Inputs.At("values", "schedules").Entries())
        .Any(schedule => schedule.Value.At("template", "snapshotVolumes").IsTrue());
}
