namespace HaCluster.Planning.Costs.Prices;

/// <summary>What AWS asks for one unit of something in one region, without tax.</summary>
/// <param name="Region">A region, or <see cref="EveryRegion"/>.</param>
/// <param name="Item">What it is the price of: <c>ec2:m7i.xlarge</c>, <c>nat:hour</c>.</param>
/// <param name="Unit">Of what: <c>hour</c>, <c>GB-month</c>, <c>10k requests</c>.</param>
/// <param name="Date">When the source was made.</param>
/// <param name="Source">Where it comes from, as the file names it.</param>
public sealed record Price(string Region, string Item, string Unit, decimal Usd, DateOnly Date, string Source, PriceBasis Basis)
{
    public const string EveryRegion = "*";

    /// <summary>A year of 365 days has twelve months of this length; AWS' own calculator counts so too.</summary>
    public const int HoursPerMonth = 730;

    /// <summary>How many units one of it needs in a month.</summary>
    public int UnitsPerMonth => Unit.EndsWith("hour", StringComparison.Ordinal) ? HoursPerMonth : 1;
}
