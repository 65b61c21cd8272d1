namespace HaCluster.Planning.Facts;

/// <summary>A subnet; <paramref name="Reach"/> says where its default route leads.</summary>
public sealed record SubnetFacts(string Id, string Name, string Zone, string Cidr, SubnetReach Reach);

public enum SubnetReach
{
    /// <summary>No route out of the VPC.</summary>
    Isolated,

    /// <summary>Out through a NAT gateway, nothing in.</summary>
    Nat,

    /// <summary>An internet gateway: both directions.</summary>
    Internet,
}
