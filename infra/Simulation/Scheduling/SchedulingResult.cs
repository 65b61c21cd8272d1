using System.Collections.Immutable;
using System.Globalization;

namespace HaCluster.Simulation.Scheduling;

/// <summary>Where a pod is placed, or why it is not.</summary>
public sealed record SchedulingResult
{
    /// <summary>Null when no node can take it.</summary>
    public NodeState? Node { get; init; }

    /// <summary>Empty when there is a node.</summary>
    public ImmutableArray<RefusedNodes> Refusals { get; init; } = [];

    /// <summary>A problem of a claim of the pod that rules out all nodes; null when there is none.</summary>
    public ClaimFault? Fault { get; init; }

    /// <summary>Details about the pod's volumes that kube-scheduler omits; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>The number of nodes.</summary>
    public int NodeCount { get; init; }

    /// <summary>Whether some node lacks only capacity: cpu, memory, disk, another resource, pod or volume slots, a port.</summary>
    public bool LacksRoom => Refusals.Any(refused => refused.Reason.IsRoom());

    /// <summary>Nodes that were refused for one reason.</summary>
    public int CountOf(FilterReason reason) => Refusals.Where(refused => refused.Reason == reason).Sum(refused => refused.Count);

    /// <summary>
    /// As kube-scheduler words it (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/types.go,
    /// <c>FitError</c>), which sorts the
    /// reasons as texts, number included.
    /// </summary>
    public override string ToString()
    {
        if (Node is not null)
            return Node.Node.Name;
        if (NodeCount == 0)
            return "no nodes available to schedule pods";
        if (Fault is { } fault)
            return $"{(fault.IsLate ? fault.Text : string.Create(CultureInfo.InvariantCulture, $"0/{NodeCount} nodes are available: {fault.Text}."))}{Added(fault.Detail)}";
        var reasons = Refusals.GroupBy(refused => refused.Text, StringComparer.Ordinal)
            .Select(same => string.Create(CultureInfo.InvariantCulture, $"{same.Sum(refused => refused.Count)} {same.Key}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"0/{NodeCount} nodes are available: {string.Join(", ", reasons.Order(StringComparer.Ordinal))}.{Added(Note)}");
    }

    private static string Added(string? note) => note is null ? "" : $" ({note})";
}
