namespace HaCluster.Stack.Chains;

/// <summary>One StatefulSet of nodes.</summary>
/// <param name="Name">Name of the StatefulSet: <c>bitcoin</c>, <c>ethereum-geth</c>.</param>
/// <param name="Client">Program that follows the chain: <c>btcd</c>, <c>geth</c>, <c>reth</c>.</param>
/// <param name="MetricsPort">Where the client serves metrics; null when it has none.</param>
public sealed record NodeSet(string Name, string Client, int Replicas, int? MetricsPort)
{
    public const string SetLabel = "app.kubernetes.io/name";
}
