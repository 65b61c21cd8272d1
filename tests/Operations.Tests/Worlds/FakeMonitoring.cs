using System.Collections.Immutable;
using HaCluster.Operations.Monitoring;

namespace HaCluster.Operations.Tests.Worlds;

/// <summary>A Prometheus that says what it is told to, and an Alertmanager that keeps silences and alerts.</summary>
internal sealed class FakeMonitoring : IPrometheus, IAlertmanager, ISentinels
{
    /// <summary>By a word of the query; what is missing is not measured.</summary>
    public Dictionary<string, double> Values { get; } = [];

    public List<AlertSilence> Silences { get; } = [];

    public List<AlertStatus> Alerts { get; } = [];

    /// <summary>Its clock is behind: a silence that begins now begins later for it.</summary>
    public bool IsBehind { get; set; }

    public string StateOfNew { get; set; } = "firing";

    /// <summary>Every workload serves a service of its own.</summary>
    public Task<ImmutableArray<Sample>> QueryAsync(string query, CancellationToken cancellationToken) => Task.FromResult(query.StartsWith("service:objective", StringComparison.Ordinal)
        ? [new Sample(ImmutableSortedDictionary<string, string>.Empty.Add("service", "web"), DateTimeOffset.UnixEpoch, 0.999)]
        : Values.Where(value => query.Contains(value.Key, StringComparison.Ordinal))
            .Select(value => new Sample(ImmutableSortedDictionary<string, string>.Empty, DateTimeOffset.UnixEpoch, value.Value)).ToImmutableArray());

    public Task<ImmutableArray<AlertStatus>> ListAlertsAsync(CancellationToken cancellationToken) => Task.FromResult(Alerts.ToImmutableArray());

    public Task<ImmutableArray<AlertSilence>> ListSilencesAsync(CancellationToken cancellationToken) => Task.FromResult(Silences.ToImmutableArray());

    public Task<string> SilenceAsync(SilenceRequest request, CancellationToken cancellationToken)
    {
        var silence = new AlertSilence($"silence-{Silences.Count}", [.. request.Matchers.Select(matcher => matcher.ToString())], IsBehind ? "pending" : "active", request.StartsAt, request.EndsAt, request.CreatedBy, request.Comment);
        Silences.Add(silence);
        return Task.FromResult(silence.Id);
    }

    public Task<bool> RemoveSilenceAsync(string id, CancellationToken cancellationToken)
    {
        var index = Silences.FindIndex(silence => silence.Id == id && silence.State == "active");
        if (index >= 0)
            Silences[index] = Silences[index] with { State = "expired" };
        return Task.FromResult(index >= 0);
    }

    public Task SendAsync(TestAlert alert, CancellationToken cancellationToken)
    {
        Alerts.Add(new AlertStatus(alert.Labels["alertname"], alert.Labels["severity"], StateOfNew, "", alert.StartsAt, alert.Labels, "", []));
        return Task.CompletedTask;
    }

    public Task<SentinelAnswer?> FindAsync(string @namespace, string pod, CancellationToken cancellationToken) => Task.FromResult<SentinelAnswer?>(null);
}
