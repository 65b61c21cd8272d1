using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>A number of pods or a share of them, as budgets and update strategies write it.</summary>
internal static class PodAmount
{
    /// <summary>Null when it is absent, or neither.</summary>
    public static IntOrPercent? Of(PropertyValue? value) => value switch
    {
        PropertyValue.Number => new IntOrPercent(value.Integer() ?? 0, IsPercent: false),
        _ => value.Text() is { } text ? IntOrPercent.Parse(text) : null,
    };
}
