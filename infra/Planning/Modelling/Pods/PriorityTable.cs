using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>Priority classes by name: the declared ones and the two built-in ones.</summary>
internal sealed class PriorityTable(IEnumerable<PriorityClass> declared)
{
    // https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/ and
    // https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/scheduling/v1/helpers.go
    private static readonly ImmutableArray<PriorityClass> OfEveryCluster =
    [
        new("system-cluster-critical", 2_000_000_000, IsDefault: false, Preempts: true),
        new("system-node-critical", 2_000_001_000, IsDefault: false, Preempts: true),
    ];

    public ImmutableArray<PriorityClass> All { get; } =
        [.. OfEveryCluster.Concat(declared).DistinctBy(one => one.Name).OrderBy(one => one.Name, StringComparer.Ordinal)];

    /// <summary>The default class; of several, the lowest (as admission chooses).</summary>
    public PriorityClass? Default => All.Where(one => one.IsDefault).MinBy(one => one.Value);

    public PriorityClass? Find(string name) => All.FirstOrDefault(one => one.Name == name);
}
