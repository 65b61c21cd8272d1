namespace HaCluster.Planning.Facts;

/// <summary>A subnet; <paramref name="Reach"/> is the target of its default route.</summary>
public sealed record SubnetFacts(string Id, string Name, string Zone, string Cidr, SubnetReach Reach);

public enum SubnetReach
{
    /// <summary>No route out of the VPC.</summary>
    Isolated,

    /// <summary>Outbound through a NAT gateway, no inbound.</summary>
    Nat,

    /// <summary>An internet gateway: both directions.</summary>
    Internet,
}
