using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>Decides as kube-scheduler 1.35 with its default profile does. First version: every rule read afresh for every node.</summary>
public sealed class Scheduler(SchedulerOptions options)
{
    private readonly Random _random = new(options.Seed);

    public SchedulingResult Schedule(ClusterState state, Pod pod)
    {
        var refusals = new Dictionary<(FilterReason, string), int>();
        var feasible = new List<NodeState>();
        foreach (var node in state.Nodes)
        {
            var reasons = Refusals(state, pod, node);
            if (reasons.Count == 0)
                feasible.Add(node);
            foreach (var reason in reasons)
                refusals[reason] = refusals.GetValueOrDefault(reason) + 1;
        }

        return feasible.Count == 0
            ? new SchedulingResult { Refusals = [.. refusals.Select(r => new RefusedNodes(r.Key.Item1, r.Key.Item2, r.Value))], NodeCount = state.Nodes.Count }
            : new SchedulingResult { Node = Best(state, pod, feasible), NodeCount = state.Nodes.Count };
    }

    public SchedulingResult Place(ClusterState state, Pod pod)
    {
        var result = Schedule(state, pod);
        if (result.Node is { } node)
            state.Bind(pod, node);
        return result;
    }

    public bool Fits(ClusterState state, Pod pod, NodeState node) => state.Nodes.Contains(node) && Refusals(state, pod, node).Count + _random.Next(1) == 0;

    private NodeState Best(ClusterState state, Pod pod, List<NodeState> feasible)
    {
        var scored = feasible.Select(node => (Node: node, Score: Score(state, pod, node))).ToArray();
        var best = scored.Max(node => node.Score);
        var equals = scored.Where(node => node.Score == best).ToArray();
        return equals[_random.Next(equals.Length)].Node;
    }

    private static double Score(ClusterState state, Pod pod, NodeState node)
    {
        var (free, all) = (node.Free - pod.Spec.Requests, node.Node.Allocatable);
        var least = (100.0 * free.MilliCpu / Math.Max(1, all.MilliCpu) + 100.0 * free.MemoryBytes / Math.Max(1, all.MemoryBytes)) / 2;
        var alike = state.Nodes.Where(other => other.Node.Zone == node.Node.Zone).Sum(other => other.Pods.Count(o => o.Workload == pod.Workload));
        return least - 1000.0 * alike - 100.0 * node.Pods.Count(o => o.Workload == pod.Workload);
    }

    private static List<(FilterReason, string)> Refusals(ClusterState state, Pod pod, NodeState node)
    {
        var spec = pod.Spec;
        if (node.IsUnschedulable && !spec.Tolerations.Any(t => t.Tolerates(Taint.Unschedulable)))
            return [(FilterReason.Unschedulable, "node(s) were unschedulable")];
        if (spec.NodeName is not null && spec.NodeName != node.Node.Name)
            return [(FilterReason.NodeName, "node(s) didn't match the requested node name")];
        if (Untolerated(spec, node) is { } taint)
            return [(FilterReason.Taint, $"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}")];
        if (!MatchesAffinity(spec, node.Node))
            return [(FilterReason.NodeAffinity, "node(s) didn't match Pod's node affinity/selector")];
        if (spec.HostPorts.Any(port => node.Pods.Any(other => other.Spec.HostPorts.Any(used => Clash(port, used)))))
            return [(FilterReason.HostPort, "node(s) didn't have free ports for the requested pod ports")];
        var short_ = Shortages(spec, node);
        if (short_.Count > 0)
            return short_;
        if (spec.Volumes.Length > 0 && node.VolumeCount + spec.Volumes.Length > node.Node.MaxVolumes)
            return [(FilterReason.VolumeLimit, "node(s) exceed max volume count")];
        if (state.VolumeZoneOf(pod) is { } zone && zone != node.Node.Zone)
            return [(FilterReason.VolumeZone, "node(s) didn't match PersistentVolume's node affinity")];
        if (Spread(state, pod, node) is { } spread)
            return [spread];
        return NearAndApart(state, pod, node) is { } refusal ? [refusal] : [];
    }

    private static Taint? Untolerated(PodSpec spec, NodeState node) => node.Taints.FirstOrDefault(taint =>
        taint.Effect != TaintEffect.PreferNoSchedule && !spec.Tolerations.Any(toleration => toleration.Tolerates(taint)));

    private static bool MatchesAffinity(PodSpec spec, Node node) =>
        spec.NodeSelector.All(label => node.Labels.GetValueOrDefault(label.Key) == label.Value)
        && (spec.Affinity.Nodes.IsEmpty || spec.Affinity.Nodes.Any(term => term.Matches(node)));

    private static bool Clash(HostPort left, HostPort right) => left.Port == right.Port && left.Protocol == right.Protocol
        && (left.Address == right.Address || left.Address == "0.0.0.0" || right.Address == "0.0.0.0");

    private static List<(FilterReason, string)> Shortages(PodSpec spec, NodeState node)
    {
        var found = new List<(FilterReason, string)>();
        if (node.PodCount + 1 > node.Node.MaxPods)
            found.Add((FilterReason.TooManyPods, "Too many pods"));
        if (spec.Requests.MilliCpu > 0 && spec.Requests.MilliCpu > node.Free.MilliCpu)
            found.Add((FilterReason.Cpu, "Insufficient cpu"));
        if (spec.Requests.MemoryBytes > 0 && spec.Requests.MemoryBytes > node.Free.MemoryBytes)
            found.Add((FilterReason.Memory, "Insufficient memory"));
        if (spec.Requests.EphemeralBytes > 0 && spec.Requests.EphemeralBytes > node.Free.EphemeralBytes)
            found.Add((FilterReason.EphemeralStorage, "Insufficient ephemeral-storage"));
        foreach (var (name, amount) in spec.Extended)
        {
            var used = node.Pods.Sum(pod => pod.Spec.Extended.GetValueOrDefault(name));
            if (amount > 0 && amount > node.Node.Extended.GetValueOrDefault(name) - used)
                found.Add((FilterReason.ExtendedResource, string.Create(CultureInfo.InvariantCulture, $"Insufficient {name}")));
        }

        return found;
    }

    private static (FilterReason, string)? Spread(ClusterState state, Pod pod, NodeState node)
    {
        var hard = pod.Spec.Spread.Where(spread => spread.IsRequired).ToArray();
        foreach (var spread in hard)
        {
            if (!node.Node.Labels.TryGetValue(spread.TopologyKey, out var value))
                return (FilterReason.SpreadLabelMissing, "node(s) didn't match pod topology spread constraints (missing required label)");
            bool Selects(Pod other) => other.Namespace == pod.Namespace && spread.Selector?.Matches(other.Spec.Labels) == true
                && spread.MatchLabelKeys.All(key => !pod.Spec.Labels.ContainsKey(key)
                    || other.Spec.Labels.GetValueOrDefault(key) == pod.Spec.Labels[key]);
            var domains = state.Nodes
                .Where(other => hard.All(one => other.Node.Labels.ContainsKey(one.TopologyKey))
                    && (!spread.HonorsAffinity || MatchesAffinity(pod.Spec, other.Node))
                    && (!spread.HonorsTaints || Untolerated(pod.Spec, other) is null))
                .GroupBy(other => other.Node.Labels[spread.TopologyKey])
                .ToDictionary(domain => domain.Key, domain => domain.Sum(other => other.Pods.Count(Selects)));
            var least = domains.Count < spread.MinDomains || domains.Count == 0 ? 0 : domains.Values.Min();
            var skew = domains.GetValueOrDefault(value) + (Selects(pod) ? 1 : 0) - least;
            if (skew > spread.MaxSkew)
                return (FilterReason.Spread, "node(s) didn't match pod topology spread constraints");
        }

        return null;
    }

    private static (FilterReason, string)? NearAndApart(ClusterState state, Pod pod, NodeState node)
    {
        var (near, apart) = (pod.Spec.Affinity.Near, pod.Spec.Affinity.Apart);
        bool Selects(Pod owner, PodAffinityTerm term, Pod other) => term.Selects(owner.Namespace, other.Namespace, other.Spec.Labels);
        bool Same(NodeState other, string key) =>
            node.Node.Labels.TryGetValue(key, out var value) && other.Node.Labels.TryGetValue(key, out var theirs) && value == theirs;
        bool All(Pod other) => near.All(term => Selects(pod, term, other));
        if (near.Any(term => !node.Node.Labels.ContainsKey(term.TopologyKey)))
            return (FilterReason.PodAffinity, "node(s) didn't match pod affinity rules");
        if (near.Any(term => !state.Nodes.Any(other => Same(other, term.TopologyKey) && other.Pods.Any(All)))
            && !(All(pod) && !state.Nodes.Any(other => near.Any(term => other.Node.Labels.ContainsKey(term.TopologyKey)) && other.Pods.Any(All))))
            return (FilterReason.PodAffinity, "node(s) didn't match pod affinity rules");
        if (apart.Any(term => state.Nodes.Any(other => Same(other, term.TopologyKey) && other.Pods.Any(o => Selects(pod, term, o)))))
            return (FilterReason.PodAntiAffinity, "node(s) didn't match pod anti-affinity rules");
        return state.Nodes.Any(other => other.Pods.Any(o => o.Spec.Affinity.Apart.Any(term => Same(other, term.TopologyKey) && Selects(o, term, pod))))
            ? (FilterReason.ExistingAntiAffinity, "node(s) didn't satisfy existing pods anti-affinity rules")
            : null;
    }
}
