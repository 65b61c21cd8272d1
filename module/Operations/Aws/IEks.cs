using System.Collections.Immutable;

namespace HaCluster.Operations.Aws;

/// <summary>EKS.</summary>
public interface IEks
{
    /// <returns>Null when there is none.</returns>
    Task<EksCluster?> FindClusterAsync(string name, CancellationToken cancellationToken);

    Task<ImmutableArray<EksNodeGroup>> ListNodeGroupsAsync(string cluster, CancellationToken cancellationToken);

    /// <summary>Starts a change of the size; null leaves a number as it is.</summary>
    Task<EksUpdate> ResizeAsync(string cluster, string nodeGroup, int? min, int? desired, int? max, CancellationToken cancellationToken);

    Task<EksUpdate> ReadUpdateAsync(string cluster, string nodeGroup, string update, CancellationToken cancellationToken);
}

/// <param name="CertificateAuthority">PEM, base64.</param>
/// <param name="HasZonalShift">Zonal shift is enabled.</param>
public sealed record EksCluster(
    string Name,
    string Arn,
    string Status,
    string Version,
    string Endpoint,
    string CertificateAuthority,
    string VpcId,
    ImmutableArray<string> SubnetIds,
    bool HasZonalShift,
    ImmutableSortedDictionary<string, string> Tags);

/// <param name="AutoScalingGroups">Names of the groups behind it.</param>
/// <param name="Issues">As EKS words them.</param>
public sealed record EksNodeGroup(
    string Name,
    string Arn,
    string Status,
    string CapacityType,
    ImmutableArray<string> InstanceTypes,
    int Min,
    int Desired,
    int Max,
    ImmutableArray<string> SubnetIds,
    ImmutableArray<string> AutoScalingGroups,
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableArray<EksTaint> Taints,
    ImmutableArray<string> Issues,
    ImmutableSortedDictionary<string, string> Tags,
    string Version,
    int MaxUnavailable,
    int MaxUnavailablePercent);

/// <param name="Effect">As EKS writes it: <c>NO_SCHEDULE</c>, <c>PREFER_NO_SCHEDULE</c>, <c>NO_EXECUTE</c>.</param>
public sealed record EksTaint(string Key, string Value, string Effect);

/// <param name="Status"><c>InProgress</c>, <c>Failed</c>, <c>Cancelled</c>, <c>Successful</c>.</param>
public sealed record EksUpdate(string Id, string Status, ImmutableArray<string> Errors);
