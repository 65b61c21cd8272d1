using System.Collections.Immutable;

namespace HaCluster.Account.Use;

/// <summary>Reads the use of quotas that one call, or a few related calls, can count.</summary>
internal interface IUseReader
{
    /// <summary>What is being counted, for people.</summary>
    string Subject { get; }

    /// <summary>The quotas whose use it reads: all of them become unknown when it fails.</summary>
    ImmutableArray<(string Service, string Code)> Quotas { get; }

    Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>How much of one quota the account uses.</summary>
/// <param name="ServiceCode">As Service Quotas names the service: <c>ec2</c>, <c>vpc</c>, <c>ebs</c> ...</param>
/// <param name="Total">Everything there is; null when it could not be read.</param>
/// <param name="Ours">The part of it that belongs to the cluster asked about.</param>
/// <param name="Unread">Why <paramref name="Total"/> is null.</param>
public sealed record ResourceUse(string ServiceCode, string QuotaCode, decimal? Total, decimal Ours, string? Unread = null)
{
    /// <summary>What others in the account use: the cluster's own part is asked for again by its plan.</summary>
    public decimal? Others => Total - Ours;
}
