using System.Collections.Immutable;

namespace HaCluster.Account.Use;

/// <summary>Reads the use of the quotas that one call, or a few that belong together, can tell.</summary>
internal interface IUseReader
{
    /// <summary>What is being counted, for people.</summary>
    string Subject { get; }

    /// <summary>The quotas whose use it tells: all of them become unknown when it fails.</summary>
    ImmutableArray<(string Service, string Code)> Quotas { get; }

    Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken);
}
