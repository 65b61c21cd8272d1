namespace HaCluster.Planning.Costs.Prices;

/// <summary>How well a price is known.</summary>
public enum PriceBasis
{
    /// <summary>Read in a source that has it from AWS.</summary>
    Quoted,

    /// <summary>Computed from quoted prices; the file says how.</summary>
    Computed,

    /// <summary>Nobody looked it up.</summary>
    Remembered,

    /// <summary>Given with <c>--prices</c>.</summary>
    Own,
}
