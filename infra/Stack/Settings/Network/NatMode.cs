namespace HaCluster.Stack.Settings.Network;

/// <summary>How private subnets reach the internet (<c>ha-cluster:nat</c>).</summary>
public enum NatMode
{
    /// <summary>One NAT gateway in every zone: the loss of a zone leaves the others connected.</summary>
    PerZone,

    /// <summary>One NAT gateway for all zones: cheaper, and the internet is gone with its zone.</summary>
    Single,
}
