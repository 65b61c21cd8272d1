namespace HaCluster.Planning.ServiceQuotas;

/// <summary>One quota: what the cluster needs of it, what others use, how much there may be.</summary>
/// <param name="Use">Of others in the account: what the cluster has already is part of its need.</param>
public sealed record QuotaAnswer(QuotaNeed Need, QuotaReading Use, QuotaReading Limit)
{
    private const decimal TightShare = 0.8m;

    /// <summary>Need and known use: what the limit has to be at least.</summary>
    public decimal Total => Need.AtMost + (Use.Value ?? 0);

    /// <summary>Zero when it fits, or when nobody knows.</summary>
    public decimal ShortBy => Limit.Value is { } limit && Total > limit ? Total - limit : 0;

    public QuotaVerdict Verdict => ShortBy > 0 ? QuotaVerdict.Short
        : Limit.Value is not { } limit || Use.Value is null ? QuotaVerdict.Unknown
        : Total > limit * TightShare ? QuotaVerdict.Tight
        : QuotaVerdict.Fits;

    /// <summary>The limit to ask for: quotas are whole numbers.</summary>
    public decimal Wanted => Math.Ceiling(Total);

    /// <summary>Why the verdict is <see cref="QuotaVerdict.Unknown"/>.</summary>
    public string? Unread => Limit.Unread ?? Use.Unread;
}
