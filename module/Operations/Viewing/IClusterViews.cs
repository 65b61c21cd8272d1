namespace HaCluster.Operations.Viewing;

/// <summary>
/// What the Get-Ha cmdlets show. One object is one look at the cluster: each kind is listed once, whatever is asked of it; take a new one to look again.
/// </summary>
/// <remarks>
/// A part that cannot be read is in <see cref="View{T}.Unknown"/> with its reason, and never counts as healthy. Only a cancellation is thrown.
/// </remarks>
public interface IClusterViews
{
    Task<ClusterStatus> ReadClusterAsync(CancellationToken cancellationToken);

    Task<View<ZoneStatus>> ReadZonesAsync(CancellationToken cancellationToken);

    Task<View<NodeStatus>> ReadNodesAsync(CancellationToken cancellationToken);

    Task<View<NodePoolStatus>> ReadNodePoolsAsync(CancellationToken cancellationToken);

    Task<View<WorkloadStatus>> ReadWorkloadsAsync(CancellationToken cancellationToken);

    Task<View<QuotaStatus>> ReadQuotasAsync(CancellationToken cancellationToken);

    Task<View<DatabaseStatus>> ReadDatabasesAsync(CancellationToken cancellationToken);

    Task<View<ChainStatus>> ReadChainsAsync(CancellationToken cancellationToken);

    /// <summary>The streams of the finance log.</summary>
    Task<View<LedgerStatus>> ReadLedgerAsync(CancellationToken cancellationToken);

    /// <summary>Whether what each of its streams has stored can be relied on.</summary>
    /// <param name="longestUnverified">How long ago the last verification may be.</param>
    Task<View<LedgerTest>> TestLedgerAsync(TimeSpan longestUnverified, CancellationToken cancellationToken);

    Task<View<AlertStatus>> ReadAlertsAsync(CancellationToken cancellationToken);

    Task<View<AlertSilence>> ReadSilencesAsync(CancellationToken cancellationToken);

    Task<View<CertificateStatus>> ReadCertificatesAsync(CancellationToken cancellationToken);

    Task<View<BackupStatus>> ReadBackupsAsync(CancellationToken cancellationToken);

    Task<View<ZoneShift>> ReadZoneShiftsAsync(CancellationToken cancellationToken);
}

/// <summary>A list that may lack what could not be read.</summary>
public sealed record View<T>(IReadOnlyList<T> Items, IReadOnlyList<UnknownPart> Unknown)
{
    public bool IsComplete => Unknown.Count == 0;
}
