using HaCluster.Operations.Connecting;
using HaCluster.Operations.Running;

namespace HaCluster.Cmdlets.Running;

/// <summary>Where the parts of the engine that cmdlets ask are made.</summary>
internal static class Engine
{
    public static IOperationRunner RunnerOf(ClusterSession session) => throw new NotImplementedException();
}
