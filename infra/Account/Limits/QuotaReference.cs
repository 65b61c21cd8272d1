namespace HaCluster.Account.Limits;

/// <summary>A quota by AWS's own codes.</summary>
/// <param name="IsGlobal">One for all regions: Service Quotas tells it in the partition's home region only.</param>
public sealed record QuotaReference(string ServiceCode, string QuotaCode, bool IsGlobal = false);
