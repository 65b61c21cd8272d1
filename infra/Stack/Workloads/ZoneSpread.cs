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
public sealed record ZoneSpread(ImmutableSortedDictionary<string, string> Labels, int Zones, bool IsRequired)
{
    private const string Zone = "topology.kubernetes.io/zone";
    private const string Host = "kubernetes.io/hostname";

    /// <summary>The usual one: pods of one app, spread as well as the moment allows.</summary>
    public static ZoneSpread Of(int zones, params ReadOnlySpan<(string Key, string Value)> labels) => new(Map(labels), zones, IsRequired: false);

    /// <summary>For pods with volumes of their own.</summary>
    public static ZoneSpread Required(int zones, params ReadOnlySpan<(string Key, string Value)> labels) => new(Map(labels), zones, IsRequired: true);

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
