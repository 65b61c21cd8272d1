using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Capacity;

/// <summary>What a <c>LimitRange</c> gives to containers that say nothing themselves.</summary>
/// <param name="bounds">What it allows them.</param>
internal sealed class ContainerDefaults(IReadOnlyList<PropertyValue> limits, IReadOnlyList<LimitBound>? bounds = null)
{
    public static readonly ContainerDefaults None = new([]);

    /// <summary>The two sides of a container's resources, and the entry of a limit range that stands in for each.</summary>
    public static readonly (string Side, string Entry)[] Sides = [("requests", "defaultRequest"), ("limits", "default")];

    // In order of precedence.
    private static readonly string[] LimitEntries = ["default", "max"];
    private static readonly string[] AllEntries = ["defaultRequest", "default", "max", "min"];

    public IReadOnlyList<LimitBound> Bounds { get; } = bounds ?? [];

    public decimal Of(PropertyValue? container, string side, string resource) => Find(container, side, resource) ?? 0;

    /// <summary>
    /// A request that is left out is the limit, when there is one; only then does the default count. Null when there is neither.
    /// </summary>
    public decimal? Find(PropertyValue? container, string side, string resource)
    {
        var own = Amount(container.At("resources", side, resource));
        if (own is null && side == "requests")
            own = Amount(container.At("resources", "limits", resource));
        return own ?? Default(side, resource);
    }

    /// <summary>Everything that there is a default for, by name.</summary>
    public IEnumerable<KeyValuePair<string, decimal>> All(string side) => limits
        .SelectMany(limit => AllEntries.SelectMany(entry => limit.At(entry).Entries()))
        .Select(entry => entry.Key)
        .Distinct(StringComparer.Ordinal)
        .Select(name => (name, Amount: Default(side, name)))
        .Where(entry => entry.Amount is not null)
        .Select(entry => KeyValuePair.Create(entry.name, entry.Amount!.Value));

    /// <summary>As text or as a bare number; null when it is neither.</summary>
    public static decimal? Amount(PropertyValue? value) =>
        value.Text() is { } text ? Quantity.Parse(text) : value is PropertyValue.Number number ? (decimal)number.Value : null;

    // What a limit range leaves out follows from the rest: a limit from the maximum, a request from the limit, or else from the minimum
    // (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem).
    private decimal? Default(string side, string resource)
    {
        var entries = side == "limits" ? LimitEntries : AllEntries;
        return limits.Where(limit => limit.At("type").Text() == "Container")
            .Select(limit => entries.Select(entry => Amount(limit.At(entry, resource))).FirstOrDefault(amount => amount is not null))
            .FirstOrDefault(amount => amount is not null);
    }
}
