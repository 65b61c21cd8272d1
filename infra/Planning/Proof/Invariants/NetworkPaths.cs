using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Invariants;

/// <summary>Every remaining zone must keep internet access, and every load balancer an address and targets.</summary>
internal sealed class NetworkPaths(ProofContext context)
{
    public IEnumerable<Violation> Of(Scenario scenario) =>
        [.. OutboundPaths(scenario, [.. context.Model.NatGateways.Where(gateway => scenario.Loss.Zones.Contains(gateway.Zone))]), .. WaysIn(scenario)];

    /// <summary>Remaining zones that lose internet access without these gateways.</summary>
    public IEnumerable<Violation> OutboundPaths(Scenario scenario, IReadOnlyCollection<NatGateway> gone)
    {
        var left = context.Model.NatGateways.Except(gone).SelectMany(gateway => gateway.Serves).ToHashSet(StringComparer.Ordinal);
        var cut = gone.SelectMany(gateway => gateway.Serves)
            .Except(scenario.Loss.Zones).Except(gone.Select(gateway => gateway.Zone)).Where(zone => !left.Contains(zone))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        if (cut.Count > 0)
        {
            yield return new Violation(
                Invariant.Routes, Cause.NoRoute, scenario, Subject.Nat,
                $"{Wording.Zones(cut)} {Wording.Verb(cut.Count, "reaches", "reach")} the internet through a NAT gateway in {Wording.Zones(gone.Select(gateway => gateway.Zone))} only");
        }
    }

    private IEnumerable<Violation> WaysIn(Scenario scenario)
    {
        var dead = scenario.Loss.Zones;
        foreach (var entry in context.Model.EntryPoints)
        {
            var zones = entry.Zones.Except(dead).ToList();
            if (zones.Count == 0 && !entry.Zones.IsEmpty)
            {
                yield return new Violation(Invariant.Routes, Cause.NoRoute, scenario, Subject.Of(entry), $"{entry.Name} has addresses in {Wording.Zones(entry.Zones)} only");
                continue;
            }

            if (context.Model.Workloads.FirstOrDefault(workload => workload.Id == entry.Target) is not { } target)
                continue;
            var targetZones = ZonesOf(target, scenario.Loss);
            var withoutTargets = entry.CrossesZones ? [] : zones.Where(zone => !targetZones.Contains(zone)).ToList();
            // If the target must serve, its own violation reports this.
            if (targetZones.Count == 0 && target.MinServing > 0)
                continue;
            if (targetZones.Count == 0)
                yield return new Violation(Invariant.Routes, Cause.NoRoute, scenario, Subject.Of(entry), $"{entry.Name} has no {target} left to send to");
            else if (withoutTargets.Count > 0)
                yield return new Violation(Invariant.Routes, Cause.NoRoute, scenario, Subject.Of(entry), $"{entry.Name} has no {target} to send to in {Wording.Zones(withoutTargets)}, and cross-zone load balancing is off");
        }
    }

    private HashSet<string> ZonesOf(Workload workload, Loss loss) => context.Nodes
        .Where(node => !loss.Nodes.Contains(node.Node.Name) && node.Pods.Any(pod => pod.Workload == workload))
        .Select(node => node.Node.Zone)
        .ToHashSet(StringComparer.Ordinal);
}
