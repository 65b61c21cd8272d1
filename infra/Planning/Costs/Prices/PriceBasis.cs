namespace HaCluster.Planning.Costs.Prices;

/// <summary>How reliable a price is.</summary>
public enum PriceBasis
{
    /// <summary>Quoted from a source that takes it from AWS.</summary>
    Quoted,

    /// <summary>Computed from quoted prices; the file says how.</summary>
    Computed,

    /// <summary>From memory, not looked up.</summary>
    Remembered,

    /// <summary>Given with <c>--prices</c>.</summary>
    Own,
}
