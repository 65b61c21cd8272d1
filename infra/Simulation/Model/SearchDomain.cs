namespace HaCluster.Simulation.Model;

/// <summary>An OpenSearch domain.</summary>
/// <param name="Zones">Zones that its nodes are spread over; 1 without zone awareness.</param>
/// <param name="Masters">Dedicated ones; 0 when data nodes do both.</param>
/// <param name="HasStandby">Multi-AZ with standby: a zone holds a copy of everything.</param>
public sealed record SearchDomain(string Name, int DataNodes, int Masters, int Zones, bool HasStandby);
