using System.Collections.Concurrent;
using HaCluster.Ledger.Indexing;
using HaCluster.Services;
using Prometheus;

namespace HaCluster.Ledger.Metrics;

/// <summary>Counts what happens to the index, and writes what an operator has to know to the log. The lag is computed when it is asked for: it grows while nothing happens.</summary>
internal sealed class IndexMetrics : IIndexObserver
{
    private readonly ConcurrentDictionary<string, StreamFollower> _followers = new(StringComparer.Ordinal);
    private readonly EventLog _log;
    private readonly Gauge _records;
    private readonly Gauge _lagRecords;
    private readonly Gauge _lagSeconds;
    private readonly Gauge _deadLetters;
    private readonly Counter _failures;
    private readonly Counter _refused;

    public IndexMetrics(EventLog log, CollectorRegistry registry)
    {
        _log = log;
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        string[] stream = ["stream"];
        _records = factory.CreateGauge("ledger_index_records", "Records of the stream up to which the index has it.", stream);
        _lagRecords = factory.CreateGauge("ledger_index_lag_records", "Acknowledged records that cannot be found yet.", stream);
        _lagSeconds = factory.CreateGauge("ledger_index_lag_seconds", "Age of the oldest acknowledged record that cannot be found yet; 0 without one.", stream);
        _deadLetters = factory.CreateGauge("ledger_dead_letters", "Records that the index refuses; they are in the archive.", stream);
        _failures = factory.CreateCounter("ledger_index_failures_total", "Tries to index records that failed, because the index or the archive was unavailable.", stream);
        _refused = factory.CreateCounter("ledger_dead_letters_total", "Records that the index refused.", stream);
        registry.AddBeforeCollectCallback(Collect);
    }

    public void Followed(StreamFollower follower)
    {
        foreach (var counter in new[] { _failures, _refused })
            counter.WithLabels(follower.Stream);
        _followers[follower.Stream] = follower;
    }

    public void Failed(string stream, string reason) => _failures.WithLabels(stream).Inc();

    public void IndexAway(string reason) => _log.Write("index-away", "", reason);

    public void IndexBack() => _log.Write("index-back", "", "the index takes records again");

    public void Stuck(string stream, string reason) => _log.Write("index-stuck", stream, $"nothing more is indexed: {reason}");

    public void Missing(string stream, long first, long last) => _log.Write("index-gap", stream, $"the archive does not have records {first} to {last}, and they cannot be indexed");

    public void Refused(string stream, int records)
    {
        _refused.WithLabels(stream).Inc(records);
        _log.Write("dead-letters", stream, $"the index refused {records} records; GET /v1/dead-letters?stream={stream} says why");
    }

    private void Collect()
    {
        foreach (var (stream, follower) in _followers)
        {
            _records.WithLabels(stream).Set(follower.Position);
            _lagRecords.WithLabels(stream).Set(follower.LagRecords);
            _lagSeconds.WithLabels(stream).Set(follower.LagTime.TotalSeconds);
            _deadLetters.WithLabels(stream).Set(follower.DeadLetters);
        }
    }
}
