namespace HaCluster.Operations.Proving;

/// <summary>Asks the prover about the live cluster: objects from the API server; node groups, databases and NAT gateways from AWS.</summary>
public interface ILiveProver
{
    /// <summary>Tries all scenarios, like <c>ha prove</c>.</summary>
    Task<ClusterProof> ProveAsync(IProgress<string>? progress, CancellationToken cancellationToken);

    /// <summary>Whether the rest holds when this goes, from where its pods are now. Reads the cluster anew with every call.</summary>
    Task<SafetyAnswer> AskAsync(Departure departure, CancellationToken cancellationToken);
}

/// <summary>What goes.</summary>
public abstract record Departure
{
    /// <param name="Name">Name of the zone.</param>
    public sealed record OfZone(string Name) : Departure;

    /// <summary>Nodes that are drained.</summary>
    public sealed record OfNodes(IReadOnlyList<string> Names) : Departure;

    /// <summary>Pods of a workload.</summary>
    /// <param name="Kind"><c>Deployment</c>, <c>StatefulSet</c>, <c>DaemonSet</c>.</param>
    /// <param name="Count">How many at once.</param>
    public sealed record OfWorkloadPods(string Namespace, string Kind, string Name, int Count) : Departure;
}
