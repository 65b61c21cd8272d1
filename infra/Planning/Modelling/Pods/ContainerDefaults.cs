using HaCluster.Engine.Values;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>The defaults that a <c>LimitRange</c> sets on containers without own requests or limits.</summary>
/// <param name="bounds">The bounds that it enforces.</param>
internal sealed class ContainerDefaults(IReadOnlyList<PropertyValue> limits, IReadOnlyList<LimitBound>? bounds = null)
{
    public static readonly ContainerDefaults None = new([]);

    /// <summary>The two sides of a container's resources, and the entry of a limit range that is the default of each.</summary>
    public static readonly (string Side, string Entry)[] Sides = [("requests", "defaultRequest"), ("limits", "default")];

    // In order of precedence.
    private static readonly string[] LimitEntries = ["default", "max"];
    private static readonly string[] AllEntries = ["defaultRequest", "default", "max", "min"];

    public IReadOnlyList<LimitBound> Bounds { get; } = bounds ?? [];

    public decimal Of(PropertyValue? container, string side, string resource) => Find(container, side, resource) ?? 0;

    /// <summary>
    /// A missing request equals the limit if there is one; otherwise the default applies. Null when there is neither.
    /// </summary>
    public decimal? Find(PropertyValue? container, string side, string resource)
    {
        var own = Amount(container.At("resources", side, resource));
        if (own is null && side == "requests")
            own = Amount(container.At("resources", "limits", resource));
        return own ?? Default(side, resource);
    }

    /// <summary>Names of the resources that have a default.</summary>
    public IEnumerable<KeyValuePair<string, decimal>> All(string side) => limits
        .SelectMany(limit => AllEntries.SelectMany(entry => limit.At(entry).Entries()))
        .Select(entry => entry.Key)
        .Distinct(StringComparer.Ordinal)
        .Select(name => (name, Amount: Default(side, name)))
        .Where(entry => entry.Amount is not null)
        .Select(entry => KeyValuePair.Create(entry.name, entry.Amount!.Value));

    /// <summary>Reads a quantity from text or a number; null when it is neither, or too large for a decimal.</summary>
    public static decimal? Amount(PropertyValue? value) => value switch
    {
        PropertyValue.Number number => Quantity.Of(number.Value),
        _ => value.Text() is { } text ? Quantity.Parse(text) : null,
    };

    // Missing entries of a limit range are derived: a limit from the maximum, a request from the limit, otherwise from the minimum
    // (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem).
    private decimal? Default(string side, string resource)
    {
        var entries = side == "limits" ? LimitEntries : AllEntries;
        return limits.Where(limit => limit.At("type").Text() == "Container")
            .Select(limit => entries.Select(entry => Amount(limit.At(entry, resource))).FirstOrDefault(amount => amount is not null))
            .FirstOrDefault(amount => amount is not null);
    }
}
