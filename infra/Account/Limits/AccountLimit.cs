namespace HaCluster.Account.Limits;

/// <summary>A limit as it applies to the account.</summary>
/// <param name="Value">Null when it could not be read.</param>
/// <param name="IsDefault">True when Service Quotas had only AWS's default: nothing was ever raised.</param>
/// <param name="IsAdjustable">Whether an increase can be requested.</param>
/// <param name="Unread">Why <paramref name="Value"/> is null.</param>
public sealed record AccountLimit(
    string ServiceCode, string QuotaCode, decimal? Value, bool IsDefault = false, bool? IsAdjustable = null, string? Unread = null);

/// <summary>A quota by AWS's own codes.</summary>
/// <param name="IsGlobal">One value for all regions; Service Quotas returns it in the partition's home region only.</param>
public sealed record QuotaReference(string ServiceCode, string QuotaCode, bool IsGlobal = false);

/// <summary>A request for a higher limit, as Service Quotas keeps it.</summary>
/// <param name="Status"><c>PENDING</c>, <c>CASE_OPENED</c>, <c>APPROVED</c>, <c>DENIED</c>, <c>CASE_CLOSED</c>, <c>NOT_APPROVED</c>,
/// <c>INVALID_REQUEST</c>.</param>
public sealed record QuotaIncreaseRequest(string Id, string ServiceCode, string QuotaCode, decimal DesiredValue, string Status)
{
    /// <summary>Not decided yet.</summary>
    public bool IsOpen => Status is "PENDING" or "CASE_OPENED";
}
