using System.Collections.Immutable;

namespace HaCluster.Operations.Aws;

/// <summary>RDS.</summary>
public interface IDatabases
{
    /// <summary>Database clusters with the tags of the cluster, or with these identifiers.</summary>
    Task<ImmutableArray<DatabaseCluster>> ListAsync(string cluster, IReadOnlyCollection<string> identifiers, CancellationToken cancellationToken);

    /// <returns>Null when there is none.</returns>
    Task<DatabaseCluster?> FindAsync(string identifier, CancellationToken cancellationToken);

    /// <summary>Starts a failover.</summary>
    /// <param name="target">The instance that becomes the writer; null: RDS chooses by promotion tier.</param>
    Task FailOverAsync(string identifier, string? target, CancellationToken cancellationToken);
}

public sealed record DatabaseCluster(
    string Identifier, string Arn, string Engine, string Version, string Status, string Endpoint, string ReaderEndpoint, ImmutableArray<DatabaseMember> Members,
    ImmutableSortedDictionary<string, string> Tags)
{
    public DatabaseMember? Writer => Members.FirstOrDefault(member => member.IsWriter);
}

/// <param name="Zone">Empty while the instance is created.</param>
public sealed record DatabaseMember(string Identifier, bool IsWriter, int PromotionTier, string Zone, string InstanceClass, string Status);
