namespace HaCluster.Planning.ServiceQuotas;

/// <summary>A limit that AWS sets to an account, with the default that a new account is said to have.</summary>
/// <param name="Service">As Service Quotas names it: <c>ec2</c>, <c>vpc</c>, <c>ebs</c> ...</param>
/// <param name="Code">Null for a limit that Service Quotas does not list.</param>
/// <param name="IsAdjustable">Whether an increase can be requested.</param>
/// <param name="Source">The page that gives the default, and <paramref name="Read"/> when it was looked at.</param>
public sealed record ServiceQuota(
    string Service, string? Code, string Name, decimal Default, bool IsAdjustable, QuotaScope Scope, string Source, DateOnly Read)
{
    /// <summary>Whether what others have in the account counts against it too.</summary>
    public bool IsShared => Scope != QuotaScope.Resource;
}
