using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling.Reference;

/// <summary>
/// What Kubernetes' documentation says of filters, read afresh for every node: slow, without anything kept from one question to the next,
/// and so easy to check by
/// eye. The scheduler is held against it.
/// </summary>
internal sealed class ReferenceScheduler(ClusterState state)
{
    /// <summary>The reasons of the first rule that is broken; empty for a node that can take the pod.</summary>
    public IReadOnlyList<FilterReason> Refusals(Pod pod, NodeState node)
    {
        var spec = pod.Spec;
        if (!IsNamed(spec, node))
            return [spec.NodeName is null ? FilterReason.NotNamed : FilterReason.NodeName];
        if (node.IsUnschedulable && !spec.Tolerations.Any(toleration => toleration.Tolerates(Taint.Unschedulable)))
            return [FilterReason.Unschedulable];
        if (node.Taints.Any(taint => KeepsOff(spec, taint)))
            return [FilterReason.Taint];
        if (!Suits(spec, node))
            return [FilterReason.NodeAffinity];
        if (spec.HostPorts.Any(wanted => node.Pods.Any(other => other.Spec.HostPorts.Any(used => Clash(wanted, used)))))
            return [FilterReason.HostPort];
        FilterReason[] shortages = [.. Shortages(spec, node)];
        if (shortages.Length > 0)
            return shortages;
        FilterReason[] volumes = spec.Volumes.IsEmpty ? [] : new ReferenceVolumes(state, pod).Refusals(node);
        if (volumes.Length > 0)
            return volumes;
        return (Spread(pod, node) ?? Near(pod, node) ?? Apart(pod, node)) is { } broken ? [broken] : [];
    }

    public static bool Suits(PodSpec spec, NodeState node) =>
        spec.NodeSelector.All(label => node.Node.Labels.GetValueOrDefault(label.Key) == label.Value)
        && (spec.Affinity.Nodes.IsEmpty || spec.Affinity.Nodes.Any(term => term.Matches(node.Node)));

    /// <summary>The nodes that a constraint of spread counts: with all keys of its kind, and as its policies say.</summary>
    public static bool Counts(Pod pod, TopologySpread spread, NodeState node) =>
        pod.Spec.Spread.Where(other => other.IsRequired == spread.IsRequired).All(other => node.Node.Labels.ContainsKey(other.TopologyKey))
        && (!spread.HonorsAffinity || Suits(pod.Spec, node))
        && (!spread.HonorsTaints || !(node.IsUnschedulable ? node.Taints.Add(Taint.Unschedulable) : node.Taints)
            .Any(taint => KeepsOff(pod.Spec, taint)));

    public static bool Selects(Pod pod, TopologySpread spread, Pod other) =>
        other.Namespace == pod.Namespace && spread.Selector?.Matches(other.Spec.Labels) == true
        && spread.MatchLabelKeys.Where(pod.Spec.Labels.ContainsKey)
            .All(key => other.Spec.Labels.GetValueOrDefault(key) == pod.Spec.Labels[key]);

    public static bool AreTogether(NodeState left, NodeState right, string key) =>
        left.Node.Labels.TryGetValue(key, out var one) && right.Node.Labels.TryGetValue(key, out var other) && one == other;

    private static bool IsNamed(PodSpec spec, NodeState node)
    {
        if (spec.NodeName is { } chosen)
            return chosen == node.Node.Name;
        var terms = spec.Affinity.Nodes;
        return terms.IsEmpty || terms.Any(term => !Naming(term).Any())
            || terms.Any(term => Naming(term).All(name => name.Values.Contains(node.Node.Name)));
    }

    private static IEnumerable<LabelRequirement> Naming(NodeAffinityTerm term) =>
        term.Names.Where(name => name.Operator == LabelOperator.In);

    private static bool KeepsOff(PodSpec spec, Taint taint) =>
        taint.Effect != TaintEffect.PreferNoSchedule && !spec.Tolerations.Any(toleration => toleration.Tolerates(taint));

    private static bool Clash(HostPort left, HostPort right) => left.Port == right.Port && left.Protocol == right.Protocol
        && (left.Address == right.Address || left.Address == "0.0.0.0" || right.Address == "0.0.0.0");

    private static IEnumerable<FilterReason> Shortages(PodSpec spec, NodeState node)
    {
        var used = node.Pods.Aggregate(Resources.None, (sum, pod) => sum + pod.Spec.Requests);
        var free = node.Node.Allocatable - used;
        if (node.Pods.Count >= node.Node.MaxPods)
            yield return FilterReason.TooManyPods;
        if (spec.Requests.MilliCpu > 0 && spec.Requests.MilliCpu > free.MilliCpu)
            yield return FilterReason.Cpu;
        if (spec.Requests.MemoryBytes > 0 && spec.Requests.MemoryBytes > free.MemoryBytes)
            yield return FilterReason.Memory;
        if (spec.Requests.EphemeralBytes > 0 && spec.Requests.EphemeralBytes > free.EphemeralBytes)
            yield return FilterReason.EphemeralStorage;
        foreach (var (name, amount) in spec.Extended)
        {
            if (amount > node.Node.Extended.GetValueOrDefault(name) - node.Pods.Sum(pod => pod.Spec.Extended.GetValueOrDefault(name)))
                yield return FilterReason.ExtendedResource;
        }
    }

    private FilterReason? Spread(Pod pod, NodeState node)
    {
        foreach (var spread in pod.Spec.Spread.Where(spread => spread.IsRequired))
        {
            if (!node.Node.Labels.TryGetValue(spread.TopologyKey, out var own))
                return FilterReason.SpreadLabelMissing;
            var domains = state.Nodes.Where(other => Counts(pod, spread, other))
                .GroupBy(other => other.Node.Labels[spread.TopologyKey])
                .ToDictionary(domain => domain.Key,
                    domain => domain.Sum(other => other.Pods.Count(existing => Selects(pod, spread, existing))));
            var fewest = domains.Count < spread.MinDomains ? 0 : domains.Values.DefaultIfEmpty(0).Min();
            if (domains.GetValueOrDefault(own) + (Selects(pod, spread, pod) ? 1 : 0) - fewest > spread.MaxSkew)
                return FilterReason.Spread;
        }

        return null;
    }

    private FilterReason? Near(Pod pod, NodeState node)
    {
        var terms = pod.Spec.Affinity.Near;
        bool MatchesAll(Pod other) => terms.All(term => term.Selects(pod.Namespace, other.Namespace, other.Spec.Labels));
        if (terms.All(term => state.Nodes.Any(other => AreTogether(node, other, term.TopologyKey) && other.Pods.Any(MatchesAll))))
            return null;
        var isAlone = !state.Nodes.Any(
            other => terms.Any(term => other.Node.Labels.ContainsKey(term.TopologyKey)) && other.Pods.Any(MatchesAll));
        return isAlone && MatchesAll(pod) && terms.All(term => node.Node.Labels.ContainsKey(term.TopologyKey))
            ? null
            : FilterReason.PodAffinity;
    }

    private FilterReason? Apart(Pod pod, NodeState node)
    {
        bool IsRefused(Pod asking, Pod asked, NodeState other) => asking.Spec.Affinity.Apart.Any(term =>
            AreTogether(node, other, term.TopologyKey) && term.Selects(asking.Namespace, asked.Namespace, asked.Spec.Labels));
        if (state.Nodes.Any(other => other.Pods.Any(existing => IsRefused(pod, existing, other))))
            return FilterReason.PodAntiAffinity;
        return state.Nodes.Any(other => other.Pods.Any(existing => IsRefused(existing, pod, other)))
            ? FilterReason.ExistingAntiAffinity
            : null;
    }
}
