using HaCluster.Planning.Proof.Invariants;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>The zone loss that displaces the most pods.</summary>
internal static class FailoverStudy
{
    public static Failover? Of(ProofContext context)
    {
        if (context.Model.Zones.Length < 2 || context.Nodes.IsEmpty)
            return null;
        var (zone, outcome) = context.Model.Zones.Select(zone => (Zone: zone, Outcome: OutcomeOf(context, zone)))
            .MaxBy(loss => (loss.Outcome.Stuck.Length, loss.Outcome.Moves.Count));
        var summaries = new WaitingVolumes(context).Summaries(outcome)
            .Concat(outcome.Stuck.Where(stuck => stuck.Cause is StuckCause.Room or StuckCause.Spread).Select(stuck => $"{stuck.Pod} stays Pending: {stuck.Reason}"));
        return new Failover(
            zone,
            [
                .. context.Nodes.Select(node => new FailoverNode(
                    node.Node.Name, node.Node.Zone,
                    context.Model.NodeGroups.FirstOrDefault(group => group.Name == node.Node.Group)?.InstanceType ?? "",
                    [.. node.Pods.Select(pod => pod.ToString())])),
            ],
            [.. outcome.Moves.Select(move => new FailoverMove(move.Key.ToString(), move.Value.Node.Name))],
            [.. summaries]);
    }

    private static LossOutcome OutcomeOf(ProofContext context, string zone) =>
        context.Losses.Of(new Loss([zone], [.. context.Nodes.Where(node => node.Node.Zone == zone).Select(node => node.Node.Name)]));
}
