namespace HaCluster;

/// <summary>An Aurora or Multi-AZ database cluster.</summary>
/// <param name="Engine">Such as <c>aurora-postgresql 17.4</c>.</param>
/// <param name="Status">As RDS says: <c>available</c>, <c>failing-over</c> ...</param>
/// <param name="Writer">Identifier of the instance that writes; null when there is none now.</param>
public sealed record DatabaseStatus(
    string Name, string Engine, string Status, Health Health, string? Writer, string? WriterZone, IReadOnlyList<DatabaseInstanceStatus> Instances, string Endpoint, string Note);

/// <param name="PromotionTier">0 is promoted first; null when RDS does not say.</param>
public sealed record DatabaseInstanceStatus(string Name, string Zone, string InstanceClass, bool IsWriter, string Status, int? PromotionTier)
{
    /// <summary>In a line of a list.</summary>
    public override string ToString() => $"{Name} ({(IsWriter ? "writer" : "reader")}, {Zone}, {Status})";
}

/// <summary>A blockchain node, as its sentinel sees it.</summary>
/// <param name="Chain"><c>bitcoin</c> or <c>ethereum</c>.</param>
/// <param name="Reason">The sentinel's reason: <c>ok</c>, <c>lagging</c> ...; <c>unanswered</c> when the sentinel itself does not answer.</param>
/// <param name="Head">Height of its newest block; null before the first answer.</param>
/// <param name="Lag">Blocks behind the reference; null when unknown.</param>
/// <param name="TipAge">Age of the newest block when it was observed; null when unknown.</param>
public sealed record ChainStatus(
    string Namespace,
    string Pod,
    string Zone,
    string Chain,
    string Network,
    string Client,
    Health Health,
    bool IsReady,
    string Reason,
    string Detail,
    long? Head,
    long? Lag,
    TimeSpan? TipAge,
    int? Peers,
    DateTimeOffset? ObservedAt);

/// <summary>A backup of Velero.</summary>
/// <param name="Schedule">Name of the schedule that made it; empty for one made by hand.</param>
/// <param name="Phase">As Velero says: <c>Completed</c>, <c>InProgress</c>, <c>PartiallyFailed</c>, <c>Failed</c> ...; <c>Missing</c> for a schedule that makes none (any more): none has completed, it is paused, or the next is overdue.</param>
public sealed record BackupStatus(
    string Namespace,
    string Name,
    string Schedule,
    string Phase,
    Health Health,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    DateTimeOffset? ExpiresAt,
    int Errors,
    int Warnings,
    IReadOnlyList<string> Namespaces,
    string Note);

/// <summary>A certificate of cert-manager.</summary>
/// <param name="EndsAt">Null when none was issued yet.</param>
public sealed record CertificateStatus(
    string Namespace, string Name, IReadOnlyList<string> DnsNames, Health Health, bool IsReady, DateTimeOffset? EndsAt, DateTimeOffset? RenewsAt, string Note);
