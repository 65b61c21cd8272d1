using System.Collections.Immutable;
using HaCluster.Planning.Proof.Losses;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>Displaced pods must fit on the remaining nodes. Work that waits by design (jobs, negative priority) may stay Pending.</summary>
internal sealed class CapacityAfterLoss(ProofContext context)
{
    private readonly AdditionalNodes _additional = new(context.Model, context.SchedulerOptions);

    public IEnumerable<Violation> Of(Scenario scenario, LossOutcome outcome)
    {
        var waiting = outcome.Stuck.Where(stuck => !stuck.Pod.Workload.MayWait).ToLookup(stuck => stuck.Cause);
        foreach (var alike in waiting[StuckCause.Spread].GroupBy(stuck => stuck.Pod.Workload))
            yield return new Violation(Invariant.StaticStability, Cause.SpreadRule, scenario, Subject.Of(alike.Key), SpreadText([.. alike], outcome));

        // All replicas of a workload have the same requests.
        var pools = waiting[StuckCause.Room].GroupBy(stuck => stuck.Pod.Workload).GroupBy(alike => PoolOf(alike.First(), outcome, scenario.Loss.Zones));
        foreach (var pool in pools)
        {
            if (pool.Key is { } group)
                yield return OfPool(scenario, group, [.. pool.SelectMany(alike => alike)], outcome);
        }
    }

    /// <summary>The name of the pool: the groups that one setting sizes.</summary>
    public static string NameOf(NodeGroup group) => group.MinSetting?.Split('.') is [_, var pool, ..] ? pool : group.Name;

    private NodeGroup? PoolOf(StuckPod stuck, LossOutcome outcome, ImmutableArray<string> deadZones) =>
        _additional.GroupsThatFit(outcome.After, stuck.Pod, deadZones).OrderBy(group => group.IsSpot).FirstOrDefault();

    private string SpreadText(ImmutableArray<StuckPod> stuck, LossOutcome outcome)
    {
        var first = stuck[0];
        var rules = string.Join(", ", first.Pod.Spec.Spread.Where(spread => spread.IsRequired).Select(spread => $"{spread.TopologyKey}, maxSkew {spread.MaxSkew}"));
        var why = context.Losses.FitsHonoringTaints(outcome.After, first.Pod)
            ? "it counts nodes whose taints the pod does not tolerate, so that a zone without a node for it counts as an empty one"
            : "the remaining zones cannot be balanced";
        return $"{Wording.Some([.. stuck.Select(one => one.Pod.ToString()).Order(StringComparer.Ordinal)])} {Wording.Verb(stuck.Length, "stays", "stay")} Pending "
            + $"({first.Reason.TrimEnd('.')}): there is room, but its required spread ({rules}) does not allow it: {why}";
    }

    private Violation OfPool(Scenario scenario, NodeGroup pool, ImmutableArray<StuckPod> stuck, LossOutcome outcome)
    {
        var groups = context.Model.NodeGroups.Where(group => NameOf(group) == NameOf(pool)).Select(group => group.Name).ToHashSet(StringComparer.Ordinal);
        var left = outcome.After.Nodes.Where(node => node.Node.Group is { } group && groups.Contains(group)).ToList();
        var need = stuck.Aggregate(Resources.None, (sum, one) => sum + one.Pod.Spec.Requests);
        var room = left.Aggregate(Resources.None, (sum, node) => sum + node.Free);
        var where = left.Count == 0 ? "the remaining zones" : Wording.Zones(left.Select(node => node.Node.Zone).Distinct().Order(StringComparer.Ordinal));
        var lack = Wording.Lack(need, room);
        var pods = Wording.Some([.. stuck.Select(one => one.Pod.ToString()).Order(StringComparer.Ordinal)]);
        var text = lack.Length > 0
            ? $"lacks {lack} in {where}: {pods} {Wording.Verb(stuck.Length, "stays", "stay")} Pending"
            : stuck[0].Refusals.Any(refused => refused.Reason.IsRuleOnPods()) && !stuck[0].Refusals.Any(refused => refused.Reason.IsRoom())
            ? $"no remaining node in {where} satisfies the scheduling rules of the pods: {pods} {Wording.Verb(stuck.Length, "stays", "stay")} Pending ({stuck[0].Reason.TrimEnd('.')})"
            : $"no single node in {where} has {Wording.Amounts(stuck[0].Pod.Spec.Requests)} free: {pods} "
                + $"{Wording.Verb(stuck.Length, "stays", "stay")} Pending";
        return new Violation(Invariant.StaticStability, Cause.Room, scenario, new Subject(SubjectKind.Pool, NameOf(pool)), text) { Lack = need - room };
    }
}
