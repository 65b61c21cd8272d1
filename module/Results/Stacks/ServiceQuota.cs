namespace HaCluster;

/// <summary>A service quota of AWS and what the stack needs of it, in the unit of the quota.</summary>
/// <param name="Code">Of Service Quotas; empty for a limit that it does not list.</param>
/// <param name="Verdict"><c>short</c>, <c>unknown</c>, <c>tight</c> or <c>fits</c>.</param>
/// <param name="Need">With every group at its desired size.</param>
/// <param name="NeedAtMost">With every group at its largest, during an update.</param>
/// <param name="Use">Of others in the account; null when unknown.</param>
/// <param name="Limit">Null when unknown.</param>
/// <param name="How">How the need was counted.</param>
/// <param name="Unread">Why use or limit is unknown; empty otherwise.</param>
/// <param name="Account">Number of the account; empty when only AWS's defaults were compared.</param>
public sealed record ServiceQuota(
    string Stack,
    string Region,
    string Account,
    string Service,
    string Code,
    string Name,
    string Verdict,
    decimal Need,
    decimal NeedAtMost,
    decimal? Use,
    decimal? Limit,
    decimal ShortBy,
    bool Adjustable,
    string How,
    string Unread,
    string Source);
