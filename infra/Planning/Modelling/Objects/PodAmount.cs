using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>Reads a number or percentage of pods, as in budgets and update strategies.</summary>
internal static class PodAmount
{
    /// <summary>Null when it is absent or malformed.</summary>
    public static IntOrPercent? Of(PropertyValue? value) => value switch
    {
        PropertyValue.Number => new IntOrPercent(value.Integer() ?? 0, IsPercent: false),
        _ => value.Text() is { } text ? IntOrPercent.Parse(text) : null,
    };
}
