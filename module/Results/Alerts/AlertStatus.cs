namespace HaCluster;

/// <summary>An alert as Alertmanager has it, or as Prometheus has it while it is not firing yet.</summary>
/// <param name="State"><c>pending</c> (its time has not passed), <c>firing</c>, <c>silenced</c>, <c>inhibited</c>.</param>
/// <param name="Severity">Label <c>severity</c>: <c>critical</c>, <c>warning</c>, <c>info</c>; empty without one.</param>
/// <param name="Runbook">Annotation <c>runbook_url</c>; empty without one.</param>
/// <param name="SilencedBy">Ids of the silences that hold it back.</param>
public sealed record AlertStatus(
    string Name,
    string Severity,
    string State,
    string Summary,
    DateTimeOffset StartedAt,
    IReadOnlyDictionary<string, string> Labels,
    string Runbook,
    IReadOnlyList<string> SilencedBy);

/// <summary>A silence of Alertmanager.</summary>
/// <param name="Matchers">As Alertmanager writes them: <c>alertname="PodCrashLooping"</c>.</param>
/// <param name="State"><c>active</c>, <c>pending</c> or <c>expired</c>.</param>
public sealed record AlertSilence(
    string Id, IReadOnlyList<string> Matchers, string State, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string CreatedBy, string Comment);
