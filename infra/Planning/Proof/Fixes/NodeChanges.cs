using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>More nodes from the start.</summary>
internal static class NodeChanges
{
    /// <summary>The largest change that still counts as a fix.</summary>
    private const int MaxMore = 64;

    /// <summary>If the number of affected pods is unknown, only a few more nodes are tried.</summary>
    private const int FewMore = 3;

    /// <param name="isGone">A quick check whether the violation is gone in its class of scenarios.</param>
    public static IEnumerable<Candidate> Of(ClusterModel model, Violation violation, ProofOptions options, Func<ClusterModel, bool> isGone)
    {
        foreach (var pool in model.NodeGroups.Where(group => !group.IsSpot).GroupBy(CapacityAfterLoss.NameOf))
        {
            var isNamed = violation.Subject is { Kind: SubjectKind.Pool } subject && subject.Name == pool.Key;
            if (violation.Subject.Kind == SubjectKind.Pool && !isNamed)
                continue;
            List<NodeGroup> groups = [.. pool];
            var least = isNamed ? NodesFor(violation.Lack ?? Resources.None, groups) : 1;
            if (SmallestNumber.Find(least, isNamed ? least + MaxMore : FewMore, more => isGone(Raise(model, groups, more, options).Model)) is not { } found)
                continue;
            // Another class of scenarios may need one more.
            for (var more = found; more <= found + 2; more++)
                yield return Raise(model, groups, more, options);
        }
    }

    /// <summary>The minimum number of further nodes that covers the lack.</summary>
    private static int NodesFor(Resources lack, List<NodeGroup> groups)
    {
        var size = groups[0].Template.Allocatable;
        var nodes = new[] { Share(lack.MilliCpu, size.MilliCpu), Share(lack.MemoryBytes, size.MemoryBytes), Share(lack.EphemeralBytes, size.EphemeralBytes), 1 }.Max();
        return (int)Math.Min(MaxMore, (nodes + groups.Count - 1) / groups.Count);

        static long Share(long lack, long size) => lack <= 0 || size <= 0 ? 0 : (lack + size - 1) / size;
    }

    private static Candidate Raise(ClusterModel model, List<NodeGroup> pool, int more, ProofOptions options)
    {
        var changed = model.NodeGroups.Select(group => !pool.Contains(group) ? group : group with
        {
            Min = group.Desired + more,
            Desired = group.Desired + more,
            Max = Math.Max(group.Max, group.Desired + more),
        });
        var (first, larger) = (pool[0], model with { NodeGroups = [.. changed] });
        var size = first.Desired + more;
        if (first.MinSetting is not { } setting)
            return Candidate.Manifest(larger, $"node group {first.Name}", null, Candidate.Edit("minSize", first.Min, size), first.Max < size ? Candidate.Edit("maxSize", first.Max, size) : null);
        var prefix = setting[..setting.LastIndexOf('.')];
        return Candidate.Setting(
            larger, Candidate.Edit(setting, first.Min, size),
            first.Max < size ? Candidate.Edit($"{prefix}.max", first.Max, size) : null,
            options.IsSet([.. prefix.Split('.'), "desired"]) ? Candidate.Edit($"{prefix}.desired", first.Desired, size) : null);
    }
}
