using System.Collections.Immutable;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

namespace HaCluster.Stack.Workloads;

/// <summary>Spreads the pods that carry some labels over zones and nodes: typed for own objects, as values for charts.</summary>
/// <param name="Labels">Labels of the pods that are counted.</param>
/// <param name="Zones">Number of zones of the cluster.</param>
/// <param name="IsRequired">
/// Whether a pod rather waits than doubles up. Right for replicas whose volume ties them to a zone anyway; wrong for others: while a zone is
/// lost, two in one zone are better than one pending.
/// </param>
/// <param name="IsPerRelease">
/// Whether only pods of the same release count, identified by the hash that a Deployment puts on its pods. Otherwise the scheduler also counts
/// the old pods that are about to go, and a rolling update of three replicas mostly ends with two of them in one zone and none in another
/// (https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#spread-constraint-definition). Pods of a StatefulSet
/// have no such hash, and each takes the place of its own predecessor.
/// </param>
public sealed record ZoneSpread(ImmutableSortedDictionary<string, string> Labels, int Zones, bool IsRequired, bool IsPerRelease)
{
    private const string Zone = "topology.kubernetes.io/zone";
    private const string Host = "kubernetes.io/hostname";

    /// <summary>The label that distinguishes the pods of different releases of a Deployment.</summary>
    public const string ReleaseLabel = "pod-template-hash";

    /// <summary>For Deployments: the pods of one release, spread as well as the moment allows.</summary>
    public static ZoneSpread Of(int zones, params ReadOnlySpan<(string Key, string Value)> labels) =>
        new(Map(labels), zones, IsRequired: false, IsPerRelease: true);

    /// <summary>For StatefulSets, whose pods have volumes of their own.</summary>
    public static ZoneSpread Required(int zones, params ReadOnlySpan<(string Key, string Value)> labels) =>
        new(Map(labels), zones, IsRequired: true, IsPerRelease: false);

    public TopologySpreadConstraintArgs[] Typed() => [.. new[] { Zone, Host }.Select(topology =>
    {
        var constraint = new TopologySpreadConstraintArgs
        {
            MaxSkew = 1,
            TopologyKey = topology,
            WhenUnsatisfiable = WhenUnsatisfiable,
            LabelSelector = new LabelSelectorArgs { MatchLabels = Labels.ToImmutableDictionary() },
        };
        // The scheduler knows only zones that have nodes; without the number it would put all pods into the first zone that has one.
        if (IsRequired && topology == Zone)
            constraint.MinDomains = Zones;
        if (IsPerRelease)
            constraint.MatchLabelKeys = ReleaseLabel;
        return constraint;
    })];

    public Dictionary<string, object>[] Values() => [.. new[] { Zone, Host }.Select(topology =>
    {
        var constraint = new Dictionary<string, object>
        {
            ["maxSkew"] = 1,
            ["topologyKey"] = topology,
            ["whenUnsatisfiable"] = WhenUnsatisfiable,
            ["labelSelector"] = new Dictionary<string, object> { ["matchLabels"] = Labels.ToDictionary(pair => pair.Key, pair => (object)pair.Value) },
        };
        if (IsRequired && topology == Zone)
            constraint["minDomains"] = Zones;
        if (IsPerRelease)
            constraint["matchLabelKeys"] = new[] { ReleaseLabel };
        return constraint;
    })];

    private string WhenUnsatisfiable => IsRequired ? "DoNotSchedule" : "ScheduleAnyway";

    private static ImmutableSortedDictionary<string, string> Map(ReadOnlySpan<(string Key, string Value)> labels)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in labels)
            map[key] = value;
        return map.ToImmutable();
    }
}
