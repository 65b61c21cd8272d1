namespace HaCluster.Wire;

/// <summary>Full names of the services, as in the path of a call.</summary>
public static class Services
{
    public const string ResourceMonitor = "pulumirpc.ResourceMonitor";
    public const string Engine = "pulumirpc.Engine";
}
