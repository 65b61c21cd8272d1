namespace HaCluster.Account.Limits;

/// <summary>A limit as it applies to the account.</summary>
/// <param name="Value">Null when it could not be read.</param>
/// <param name="IsDefault">True when Service Quotas had only AWS's default: nothing was ever raised.</param>
/// <param name="IsAdjustable">Whether an increase can be requested.</param>
/// <param name="Unread">Why <paramref name="Value"/> is null.</param>
public sealed record AccountLimit(
    string ServiceCode, string QuotaCode, decimal? Value, bool IsDefault = false, bool? IsAdjustable = null, string? Unread = null);
