using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>A pod's <c>topologySpreadConstraints</c>.</summary>
internal static class SpreadReader
{
    public static ImmutableArray<TopologySpread> Read(PropertyValue? constraints) => [.. constraints.Items().Select(One)];

    private static TopologySpread One(PropertyValue constraint) => new()
    {
        TopologyKey = constraint.At("topologyKey").Text() ?? "",
        MaxSkew = constraint.At("maxSkew").Integer() ?? 1,
        IsRequired = constraint.At("whenUnsatisfiable").Text() != "ScheduleAnyway",
        Selector = SelectorReader.Selector(constraint.At("labelSelector")),
        MinDomains = constraint.At("minDomains").Integer() ?? 1,
        HonorsAffinity = constraint.At("nodeAffinityPolicy").Text() != "Ignore",
        HonorsTaints = constraint.At("nodeTaintsPolicy").Text() == "Honor",
        MatchLabelKeys = [.. constraint.At("matchLabelKeys").Texts()],
    };
}
