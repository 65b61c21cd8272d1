namespace HaCluster.Planning.ServiceQuotas;

/// <summary>One quota: the need of the cluster, the usage of others, and the limit.</summary>
/// <param name="Use">Usage of others in the account: existing resources of the cluster are part of its need.</param>
public sealed record QuotaAnswer(QuotaNeed Need, QuotaReading Use, QuotaReading Limit)
{
    private const decimal TightShare = 0.8m;

    /// <summary>Need plus known usage: the minimum limit.</summary>
    public decimal Total => Need.AtMost + (Use.Value ?? 0);

    /// <summary>Zero when it fits or is not known.</summary>
    public decimal ShortBy => Limit.Value is { } limit && Total > limit ? Total - limit : 0;

    public QuotaVerdict Verdict => ShortBy > 0 ? QuotaVerdict.Short
        : Limit.Value is not { } limit || Use.Value is null ? QuotaVerdict.Unknown
        : Total > limit * TightShare ? QuotaVerdict.Tight
        : QuotaVerdict.Fits;

    /// <summary>The limit to request: quotas are whole numbers.</summary>
    public decimal Wanted => Math.Ceiling(Total);

    /// <summary>Why the verdict is <see cref="QuotaVerdict.Unknown"/>.</summary>
    public string? Unread => Limit.Unread ?? Use.Unread;
}
