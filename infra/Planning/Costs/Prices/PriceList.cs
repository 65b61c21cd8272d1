using System.Collections.Frozen;
using System.Collections.Immutable;

namespace HaCluster.Planning.Costs.Prices;

/// <summary>Prices by region and item. Those that come with this program are in <c>prices.csv</c>, with their dates and sources.</summary>
public sealed class PriceList(IEnumerable<Price> prices)
{
    private static readonly Lazy<PriceList> Embedded = new(ReadEmbedded);

    // The last of several wins.
    private readonly FrozenDictionary<(string Region, string Item), Price> _prices =
        prices.GroupBy(price => (price.Region, price.Item)).ToFrozenDictionary(group => group.Key, group => group.Last());

    public static PriceList Default => Embedded.Value;

    /// <summary>The regions that have prices, sorted.</summary>
    public ImmutableArray<string> Regions =>
        [.. _prices.Keys.Select(key => key.Region).Where(region => region != Price.EveryRegion).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>These prices, overridden by the given ones for the same region and item.</summary>
    public PriceList With(IEnumerable<Price> own) => new([.. _prices.Values, .. own]);

    /// <summary>Null when the price is not known, never zero.</summary>
    public Price? Find(string region, string item) =>
        _prices.GetValueOrDefault((region, item)) ?? _prices.GetValueOrDefault((Price.EveryRegion, item));

    private static PriceList ReadEmbedded()
    {
        using var reader = new StreamReader(typeof(PriceList).Assembly.GetManifestResourceStream("prices.csv")!);
        return new PriceList(PriceFile.Read(reader, "prices.csv", BasisOf));
    }

    /// <summary>The sources of <c>prices.csv</c>, as its first lines describe them.</summary>
    private static PriceBasis BasisOf(string source) => source switch
    {
        "memory" => PriceBasis.Remembered,
        "spot-advisor" => PriceBasis.Computed,
        _ when source.StartsWith("derived-", StringComparison.Ordinal) => PriceBasis.Computed,
        _ => PriceBasis.Quoted,
    };
}
