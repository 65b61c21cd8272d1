namespace HaCluster.Operations.Connecting;

/// <summary>Connects to a cluster, and proves the connection with a call to each side before it hands it out.</summary>
public interface ISessionConnector
{
    /// <exception cref="HaClusterException">
    /// <see cref="FailureKind.ContextNotFound"/> (names those there are), <see cref="FailureKind.CredentialsExpired"/>, <see cref="FailureKind.NotOurCluster"/>,
    /// <see cref="FailureKind.Unreachable"/> and others.
    /// </exception>
    Task<ClusterSession> ConnectAsync(ConnectionRequest request, CancellationToken cancellationToken);
}
