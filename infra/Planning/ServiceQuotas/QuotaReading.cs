namespace HaCluster.Planning.ServiceQuotas;

/// <summary>A number of the account, or the reason why there is none.</summary>
public sealed record QuotaReading(decimal? Value, string? Unread = null)
{
    public static readonly QuotaReading None = new(0);

    public static QuotaReading Missing(string reason) => new(null, reason);
}
