namespace HaCluster.Account.Limits;

/// <summary>A request for a higher limit, as Service Quotas keeps it.</summary>
/// <param name="Status"><c>PENDING</c>, <c>CASE_OPENED</c>, <c>APPROVED</c>, <c>DENIED</c>, <c>CASE_CLOSED</c>, <c>NOT_APPROVED</c>,
/// <c>INVALID_REQUEST</c>.</param>
public sealed record IncreaseRequest(string Id, string ServiceCode, string QuotaCode, decimal DesiredValue, string Status)
{
    /// <summary>Not decided yet.</summary>
    public bool IsOpen => Status is "PENDING" or "CASE_OPENED";
}
