using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>An Aurora cluster. The first instance of the lowest tier is the writer.</summary>
/// <param name="HasProxy">Whether RDS Proxy is in front: clients then need no new name resolution after a failover.</param>
/// <param name="ReadersSetting">The setting that adds readers; null when there is none.</param>
public sealed record Database(
    string Name, string Engine, ImmutableArray<DatabaseInstance> Instances, bool HasProxy, string? ReadersSetting = null)
{
    public DatabaseInstance? Writer => Instances.OrderBy(instance => instance.Tier).ThenBy(instance => instance.Name, StringComparer.Ordinal).FirstOrDefault();
}

/// <param name="Zone">Null when AWS chooses.</param>
/// <param name="Tier">Promotion tier, 0 to 15: the lowest is promoted first.</param>
public sealed record DatabaseInstance(string Name, string? Zone, int Tier);

/// <summary>An OpenSearch domain.</summary>
/// <param name="Zones">Zones that its nodes are spread over; 1 without zone awareness.</param>
/// <param name="Masters">Dedicated ones; 0 when data nodes do both.</param>
/// <param name="HasStandby">Multi-AZ with standby: a zone holds a copy of everything.</param>
public sealed record SearchDomain(string Name, int DataNodes, int Masters, int Zones, bool HasStandby);

/// <summary>A NAT gateway, and the zones whose private subnets route through it.</summary>
public sealed record NatGateway(string Name, string Zone, ImmutableArray<string> Serves);

/// <summary>A load balancer through which requests come in.</summary>
/// <param name="Zones">Zones it has addresses in.</param>
/// <param name="Target">Id of the workload it sends to (<c>namespace/name</c>); null when unknown.</param>
/// <param name="CrossesZones">Each address sends to targets of every zone; otherwise only to those of its own.</param>
public sealed record EntryPoint(string Name, ImmutableArray<string> Zones, string? Target, bool CrossesZones);
