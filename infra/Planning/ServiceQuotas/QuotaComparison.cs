using System.Collections.Immutable;

namespace HaCluster.Planning.ServiceQuotas;

/// <summary>Need against limit, with AWS's defaults or with what an account says.</summary>
/// <param name="Account">Null when no account was asked.</param>
/// <param name="Answers">Most urgent first.</param>
public sealed record QuotaComparison(string? Account, ImmutableArray<QuotaAnswer> Answers, ImmutableArray<string> Notes)
{
    /// <summary>Null when the cluster needs no such role.</summary>
    public LinkedRole? LinkedRole { get; init; }

    /// <summary>Whether the account can carry the cluster, as far as is known.</summary>
    public bool Fits => !Short.Any() && LinkedRole is not { IsWrong: true };

    public IEnumerable<QuotaAnswer> Short => Answers.Where(answer => answer.Verdict == QuotaVerdict.Short);

    /// <summary>As if the account were new and empty.</summary>
    public static QuotaComparison WithDefaults(QuotaNeeds needs) =>
        Of(account: null, needs, _ => QuotaReading.None, quota => new QuotaReading(quota.Default));

    public static QuotaComparison Of(
        string? account, QuotaNeeds needs, Func<ServiceQuota, QuotaReading> use, Func<ServiceQuota, QuotaReading> limit) => new(
        account,
        [
            .. needs.Needs.Select(need => new QuotaAnswer(need, need.Quota.IsShared ? use(need.Quota) : QuotaReading.None, limit(need.Quota)))
                .OrderBy(answer => answer.Verdict)
                .ThenBy(answer => answer.Need.Quota.Service, StringComparer.Ordinal)
                .ThenBy(answer => answer.Need.Quota.Name, StringComparer.Ordinal),
        ],
        needs.Notes)
        { LinkedRole = needs.LinkedRole };
}

/// <summary>A number of the account, or the reason why there is none.</summary>
public sealed record QuotaReading(decimal? Value, string? Unread = null)
{
    public static readonly QuotaReading None = new(0);

    public static QuotaReading Missing(string reason) => new(null, reason);
}

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
