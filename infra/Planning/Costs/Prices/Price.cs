namespace HaCluster.Planning.Costs.Prices;

/// <summary>The AWS price of one unit in one region, without tax.</summary>
/// <param name="Region">A region, or <see cref="EveryRegion"/>.</param>
/// <param name="Item">The priced item: <c>ec2:m7i.xlarge</c>, <c>nat:hour</c>.</param>
/// <param name="Unit">Of what: <c>hour</c>, <c>GB-month</c>, <c>10k requests</c>.</param>
/// <param name="Date">When the source was made.</param>
/// <param name="Source">Where it comes from, as the file names it.</param>
public sealed record Price(string Region, string Item, string Unit, decimal Usd, DateOnly Date, string Source, PriceBasis Basis)
{
    public const string EveryRegion = "*";

    /// <summary>A twelfth of a year of 365 days, as in AWS's own calculator.</summary>
    public const int HoursPerMonth = 730;

    /// <summary>The number of units per piece and month.</summary>
    public int UnitsPerMonth => Unit.EndsWith("hour", StringComparison.Ordinal) ? HoursPerMonth : 1;
}
