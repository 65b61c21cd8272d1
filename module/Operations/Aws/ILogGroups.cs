using System.Collections.Immutable;

namespace HaCluster.Operations.Aws;

/// <summary>CloudWatch Logs.</summary>
public interface ILogGroups
{
    /// <summary>Names of log groups that carry the tags of the cluster, or that AWS named after it (<c>/aws/eks/CLUSTER/cluster</c>) and made without tags.</summary>
    Task<ImmutableArray<string>> ListAsync(string cluster, CancellationToken cancellationToken);
}
