using System.Collections.Immutable;

namespace HaCluster.Operations.Monitoring;

/// <summary>What measures the cluster, reached through the API server's proxy.</summary>
public sealed record MonitoringServices(IPrometheus Prometheus, IAlertmanager Alertmanager, ISentinels Sentinels);

public interface IPrometheus
{
    /// <summary>An instant query.</summary>
    Task<ImmutableArray<Sample>> QueryAsync(string query, CancellationToken cancellationToken);

    /// <summary>Alerts that are pending or firing, as Prometheus evaluates them.</summary>
    Task<ImmutableArray<AlertStatus>> ListAlertsAsync(CancellationToken cancellationToken);
}

public sealed record Sample(ImmutableSortedDictionary<string, string> Labels, DateTimeOffset At, double Value);

public interface IAlertmanager
{
    Task<ImmutableArray<AlertStatus>> ListAlertsAsync(CancellationToken cancellationToken);

    Task<ImmutableArray<AlertSilence>> ListSilencesAsync(CancellationToken cancellationToken);

    /// <returns>The id of the silence.</returns>
    Task<string> SilenceAsync(SilenceRequest request, CancellationToken cancellationToken);

    /// <returns>False when there is no such silence, or it has expired already.</returns>
    Task<bool> RemoveSilenceAsync(string id, CancellationToken cancellationToken);

    /// <summary>Fires an alert for a while, as a rule would.</summary>
    Task SendAsync(TestAlert alert, CancellationToken cancellationToken);
}

/// <param name="Matchers">All must match.</param>
public sealed record SilenceRequest(ImmutableArray<SilenceMatcher> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string CreatedBy, string Comment);

public sealed record SilenceMatcher(string Name, string Value, bool IsRegex = false, bool IsEqual = true)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static SilenceMatcher Parse(string text)
    {
        var at = text.IndexOfAny(['=', '!']);
        var @operator = text[at..text.IndexOf('"', StringComparison.Ordinal)];
        return new SilenceMatcher(text[..at], text[(at + @operator.Length + 1)..^1], @operator.EndsWith('~'), @operator[0] == '=');
    }

    public override string ToString() => $"{Name}{(IsEqual ? IsRegex ? "=~" : "=" : IsRegex ? "!~" : "!=")}\"{Value}\"";
}

public sealed record TestAlert(ImmutableSortedDictionary<string, string> Labels, ImmutableSortedDictionary<string, string> Annotations, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>The sentinels beside chain nodes (infra/Stack/Chains/SENTINEL.md).</summary>
public interface ISentinels
{
    /// <returns>Null when the sentinel does not answer.</returns>
    Task<SentinelAnswer?> FindAsync(string @namespace, string pod, CancellationToken cancellationToken);
}

/// <summary>The answer of <c>/ready</c>.</summary>
public sealed record SentinelAnswer(
    bool IsReady, string Reason, string Detail, string Pod, string Chain, string Network, string Client, DateTimeOffset? ObservedAt, bool IsSyncing, bool IsFailOpen,
    SentinelHead? Head, long? Finalized, long? ReferenceHeight, string? ReferencePod, int? Peers);

public sealed record SentinelHead(long Height, string Hash, DateTimeOffset Time);
