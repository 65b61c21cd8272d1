namespace HaCluster.Planning.ServiceQuotas;

/// <summary>Whether a need fits; the order is that of urgency.</summary>
public enum QuotaVerdict
{
    /// <summary>The limit is too small.</summary>
    Short,

    /// <summary>Limit or use could not be read, and the need alone does not settle it.</summary>
    Unknown,

    /// <summary>It fits, and less than a fifth of the limit is left.</summary>
    Tight,

    Fits,
}
