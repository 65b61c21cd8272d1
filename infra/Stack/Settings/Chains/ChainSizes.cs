namespace HaCluster.Stack.Settings.Chains;

/// <summary>Resource requests of the containers around the chain nodes, the same for every chain and network.</summary>
public static class ChainSizes
{
    /// <summary>The sentinel of each node.</summary>
    public static readonly ContainerSize Sentinel = new("50m", "250m", "128Mi", "128Mi");

    /// <summary>HAProxy in a front.</summary>
    public static readonly ContainerSize Front = new("250m", "1", "1280Mi", "256Mi");

    /// <summary>What reloads the certificate of a front.</summary>
    public static readonly ContainerSize FrontReloader = new("10m", "100m", "32Mi", "64Mi");

    /// <summary>A short job that keeps the nodes in order.</summary>
    public static readonly ContainerSize Maintenance = new("100m", "400m", "256Mi", "128Mi");
}
