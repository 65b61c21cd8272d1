using System.Collections.Immutable;

namespace HaCluster.Planning.ServiceQuotas;

/// <summary>Compares needs with limits, using AWS's defaults or the limits and usage of an account.</summary>
/// <param name="Account">Null without an account.</param>
/// <param name="Answers">Most urgent first.</param>
public sealed record QuotaComparison(string? Account, ImmutableArray<QuotaAnswer> Answers, ImmutableArray<string> Notes)
{
    /// <summary>Null when the cluster needs no such role.</summary>
    public LinkedRole? LinkedRole { get; init; }

    /// <summary>Whether the account has enough quota for the cluster, as far as is known.</summary>
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

/// <summary>A number read from the account, or the reason why it is missing.</summary>
public sealed record QuotaReading(decimal? Value, string? Unread = null)
{
    public static readonly QuotaReading None = new(0);

    public static QuotaReading Missing(string reason) => new(null, reason);
}

/// <summary>Whether a need fits, in order of urgency.</summary>
public enum QuotaVerdict
{
    /// <summary>The limit is too small.</summary>
    Short,

    /// <summary>Limit or usage could not be read, and the need alone does not decide.</summary>
    Unknown,

    /// <summary>It fits, and less than a fifth of the limit is left.</summary>
    Tight,

    Fits,
}
