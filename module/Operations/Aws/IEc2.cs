using System.Collections.Immutable;

namespace HaCluster.Operations.Aws;

/// <summary>EC2.</summary>
public interface IEc2
{
    Task<ImmutableArray<Zone>> ListZonesAsync(CancellationToken cancellationToken);

    /// <summary>Instances of the cluster, terminated ones included while EC2 still shows them.</summary>
    Task<ImmutableArray<Instance>> ListInstancesAsync(string cluster, CancellationToken cancellationToken);

    /// <summary>Those of the ids that EC2 knows.</summary>
    Task<ImmutableArray<Instance>> FindInstancesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    Task TerminateAsync(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken);

    /// <param name="force">Without a clean shutdown.</param>
    Task StopAsync(IReadOnlyCollection<string> instanceIds, bool force, CancellationToken cancellationToken);

    /// <summary>Those of the ids that EC2 knows.</summary>
    Task<ImmutableArray<Volume>> FindVolumesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Volumes that the cluster made or owns.</summary>
    Task<ImmutableArray<Volume>> ListVolumesAsync(string cluster, CancellationToken cancellationToken);

    Task<ImmutableArray<NatGatewayState>> ListNatGatewaysAsync(string vpcId, CancellationToken cancellationToken);

    Task<ImmutableArray<Subnet>> ListSubnetsAsync(string vpcId, CancellationToken cancellationToken);

    Task<ImmutableArray<RouteTable>> ListRouteTablesAsync(string vpcId, CancellationToken cancellationToken);

    /// <summary>Resources that carry the tags of the cluster, of the kinds that a destroyed cluster leaves behind.</summary>
    Task<ImmutableArray<TaggedResource>> ListLeftoversAsync(string cluster, CancellationToken cancellationToken);
}

/// <param name="Id">Such as <c>euc1-az2</c>.</param>
/// <param name="State"><c>available</c>, <c>impaired</c> ...</param>
public sealed record Zone(string Name, string Id, string State);

/// <param name="State"><c>pending</c>, <c>running</c>, <c>shutting-down</c>, <c>terminated</c>, <c>stopping</c>, <c>stopped</c>.</param>
public sealed record Instance(
    string Id, string State, string Type, string Zone, string PrivateDnsName, string VpcId, string AutoScalingGroup, string Lifecycle, ImmutableSortedDictionary<string, string> Tags)
{
    /// <summary>It cannot write any more: its volumes and pods may be taken over.</summary>
    public bool IsStopped => State is "terminated" or "stopped";
}

/// <param name="State"><c>creating</c>, <c>available</c>, <c>in-use</c>, <c>deleting</c>, <c>error</c> ...</param>
/// <param name="InstanceIds">To which it is attached.</param>
public sealed record Volume(string Id, string State, string Zone, int GiB, string Type, ImmutableArray<string> InstanceIds, ImmutableSortedDictionary<string, string> Tags);

/// <param name="State"><c>pending</c>, <c>available</c>, <c>failed</c>, <c>deleting</c>, <c>deleted</c>.</param>
public sealed record NatGatewayState(string Id, string State, string SubnetId, ImmutableSortedDictionary<string, string> Tags);

public sealed record Subnet(string Id, string Zone, string ZoneId, int FreeAddresses, ImmutableSortedDictionary<string, string> Tags);

/// <param name="SubnetIds">Associated explicitly; the main table has all others.</param>
public sealed record RouteTable(string Id, bool IsMain, ImmutableArray<string> SubnetIds, ImmutableArray<Route> Routes);

/// <param name="Target">Id of the gateway; empty for the local route.</param>
public sealed record Route(string Destination, string Target, string State);

/// <param name="Kind">Such as <c>network interface</c>.</param>
public sealed record TaggedResource(string Kind, string Id, string Name, string State);
