using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Capacity;

/// <summary>What a <c>LimitRange</c> gives to containers that say nothing themselves.</summary>
internal sealed class ContainerDefaults(IReadOnlyList<PropertyValue> limits)
{
    /// <summary>The two sides of a container's resources, and the entry of a limit range that stands in for each.</summary>
    public static readonly (string Side, string Entry)[] Sides = [("requests", "defaultRequest"), ("limits", "default")];

    /// <summary>A request that is left out is the limit, when there is one; only then does the default count.</summary>
    public decimal Of(PropertyValue container, string side, string resource)
    {
        var own = Amount(container.At("resources", side, resource));
        if (own is null && side == "requests")
            own = Amount(container.At("resources", "limits", resource));
        return own ?? Default(side, resource) ?? 0;
    }

    private decimal? Default(string side, string resource)
    {
        var entry = Sides.First(candidate => candidate.Side == side).Entry;
        return limits.Where(limit => limit.At("type").Text() == "Container")
            .Select(limit => Amount(limit.At(entry, resource)))
            .FirstOrDefault(amount => amount is not null);
    }

    private static decimal? Amount(PropertyValue? value) =>
        value.Text() is { } text ? Quantity.Parse(text) : value is PropertyValue.Number number ? (decimal)number.Value : null;
}
