using System.Collections.Immutable;

namespace HaCluster.Operations.Aws;

/// <summary>RDS.</summary>
public interface IDatabases
{
    /// <summary>Database clusters with the tags of the cluster, or with these identifiers.</summary>
    Task<ImmutableArray<DatabaseCluster>> ListAsync(string cluster, IReadOnlyCollection<string> identifiers, CancellationToken cancellationToken);

    /// <returns>Null when there is none.</returns>
    Task<DatabaseCluster?> FindAsync(string identifier, CancellationToken cancellationToken);

    /// <summary>Identifiers of database instances with the tags of the cluster that are in no database cluster.</summary>
    Task<ImmutableArray<string>> ListSingleInstancesAsync(string cluster, CancellationToken cancellationToken);

    /// <summary>Starts a failover.</summary>
    /// <param name="target">The instance that becomes the writer; null: RDS chooses by promotion tier.</param>
    Task FailOverAsync(string identifier, string? target, CancellationToken cancellationToken);

    /// <summary>Identifiers of the database clusters that a proxy is in front of.</summary>
    Task<ImmutableArray<string>> ListProxiedAsync(CancellationToken cancellationToken);

    /// <summary>Starts a snapshot of a database cluster.</summary>
    Task CreateSnapshotAsync(string identifier, string snapshot, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken);

    /// <returns>Null when there is none.</returns>
    Task<DatabaseSnapshot?> FindSnapshotAsync(string snapshot, CancellationToken cancellationToken);

    /// <summary>Snapshots taken by hand that carry the tags of the cluster; automatic ones go with their database.</summary>
    Task<ImmutableArray<DatabaseSnapshot>> ListSnapshotsAsync(string cluster, CancellationToken cancellationToken);
}

/// <param name="Status"><c>creating</c>, <c>available</c>, <c>failed</c> ...</param>
public sealed record DatabaseSnapshot(string Identifier, string Database, string Status, int PercentProgress);

public sealed record DatabaseCluster(
    string Identifier, string Arn, string Engine, string Version, string Status, string Endpoint, string ReaderEndpoint, ImmutableArray<DatabaseMember> Members,
    ImmutableSortedDictionary<string, string> Tags)
{
    public DatabaseMember? Writer => Members.FirstOrDefault(member => member.IsWriter);
}

/// <param name="Zone">Empty while the instance is created.</param>
public sealed record DatabaseMember(string Identifier, bool IsWriter, int PromotionTier, string Zone, string InstanceClass, string Status);
