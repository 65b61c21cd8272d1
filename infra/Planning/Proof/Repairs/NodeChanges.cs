using System.Globalization;
using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Repairs;

/// <summary>More machines from the start.</summary>
internal static class NodeChanges
{
    private const int MostMore = 12;

    /// <param name="subject"><c>pool general</c>, or a workload that does not even run at rest: then every pool is tried.</param>
    public static IEnumerable<Candidate> Of(ClusterModel model, string subject, int most = MostMore)
    {
        var pools = model.NodeGroups.Where(group => !group.IsSpot).GroupBy(RoomToMove.NameOf).Where(pool => !subject.StartsWith("pool ", StringComparison.Ordinal) || subject == $"pool {pool.Key}").ToList();
        for (var more = 1; more <= most; more++)
        {
            foreach (var pool in pools)
                yield return Raise(model, [.. pool], more);
        }
    }

    private static Candidate Raise(ClusterModel model, List<NodeGroup> pool, int more)
    {
        var changed = model.NodeGroups.Select(group => !pool.Contains(group) ? group : group with
        {
            Min = group.Min + more,
            Desired = Math.Max(group.Desired, group.Min + more),
            Max = Math.Max(group.Max, group.Min + more),
        });
        var first = pool[0];
        return new Candidate(
            new Repair(first.MinSetting ?? $"the minimum of {first.Name}", Text(first.Min), Text(first.Min + more), IsVerified: false),
            model with { NodeGroups = [.. changed] });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
