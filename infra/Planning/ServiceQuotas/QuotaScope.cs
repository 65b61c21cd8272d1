namespace HaCluster.Planning.ServiceQuotas;

/// <summary>What a service quota is counted over.</summary>
public enum QuotaScope
{
    /// <summary>Everything in the account and the region.</summary>
    Region,

    /// <summary>Everything in the account and one zone.</summary>
    Zone,

    /// <summary>Everything in the account, all regions together.</summary>
    Account,

    /// <summary>One VPC, one cluster, one group: what others have does not count.</summary>
    Resource,
}
