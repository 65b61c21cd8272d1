namespace HaCluster;

/// <summary>The whole cluster on one screen.</summary>
/// <param name="Name">Of the cluster.</param>
/// <param name="Health">The worst of all parts; never <see cref="HaCluster.Health.Healthy"/> while a part is unknown.</param>
/// <param name="Version">Of Kubernetes, such as <c>v1.36.2</c>.</param>
/// <param name="ReadAt">When the readings were taken.</param>
public sealed record ClusterStatus(string Name, Health Health, string Version, string? Region, DateTimeOffset ReadAt)
{
    public IReadOnlyList<ZoneStatus> Zones { get; init; } = [];

    public NodeCounts Nodes { get; init; } = new(0, 0, 0);

    public PodCounts Pods { get; init; } = new(0, 0, 0, 0);

    public IReadOnlyList<NodePoolStatus> NodePools { get; init; } = [];

    /// <summary>Workloads in all, and those with fewer ready replicas than wanted.</summary>
    public int Workloads { get; init; }

    public IReadOnlyList<WorkloadStatus> BelowStrength { get; init; } = [];

    /// <summary>Quotas of which a resource is used to 80% or more.</summary>
    public IReadOnlyList<QuotaStatus> NearlyFull { get; init; } = [];

    public int Quotas { get; init; }

    public IReadOnlyList<DatabaseStatus> Databases { get; init; } = [];

    public IReadOnlyList<ChainStatus> Chains { get; init; } = [];

    /// <summary>Alerts that fire and are not silenced.</summary>
    public IReadOnlyList<AlertStatus> Alerts { get; init; } = [];

    public IReadOnlyList<CertificateStatus> Certificates { get; init; } = [];

    public IReadOnlyList<BackupStatus> Backups { get; init; } = [];

    public IReadOnlyList<ZoneShift> ZoneShifts { get; init; } = [];

    /// <summary>Parts that could not be read, and why. A list above that belongs to one of them is not complete.</summary>
    public IReadOnlyList<UnknownPart> Unknown { get; init; } = [];

    /// <summary>What is wrong, worst first, one sentence each.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];
}

/// <param name="Cordoned">Of all; a cordoned node may be ready.</param>
public sealed record NodeCounts(int Total, int Ready, int Cordoned);

public sealed record PodCounts(int Total, int Ready, int Pending, int Failed);
