using HaCluster.Ledger.Verification;
using HaCluster.Ledger.Writing;
using HaCluster.Services;
using Prometheus;

namespace HaCluster.Ledger.Metrics;

/// <summary>Counts what happens, and writes what an operator has to know to the log: one JSON object per line, without contents of records.</summary>
internal sealed class LedgerMetrics : ILogObserver, IVerificationObserver
{
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly EventLog _log;
    private readonly Counter _stored;
    private readonly Counter _repeated;
    private readonly Counter _refused;
    private readonly Counter _gaps;
    private readonly Counter _overtaken;
    private readonly Counter _bytes;
    private readonly Counter _checkpointFailures;
    private readonly Counter _requests;
    private readonly Counter _rejected;
    private readonly Counter _reloads;
    private readonly Counter _syslogStored;
    private readonly Counter _syslogClosed;
    private readonly Gauge _syslogConnections;
    private readonly Gauge _stale;
    private readonly Gauge _size;
    private readonly Gauge _signed;
    private readonly Gauge _away;
    private readonly Gauge _broken;
    private readonly Gauge _spoolAway;
    private readonly Counter _restored;
    private readonly Gauge _checkpointAge;
    private readonly Gauge _verified;
    private readonly Gauge _verifiedAt;
    private readonly Gauge _verifyFailed;
    private readonly Histogram _spool;
    private readonly Histogram _archive;
    private readonly Histogram _answers;

    public LedgerMetrics(EventLog log, string version)
    {
        _log = log;
        var factory = Prometheus.Metrics.WithCustomRegistry(_registry);
        string[] stream = ["stream"];
        var buckets = new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 14) };
        factory.CreateGauge("ledger_build_info", "1; the version is a label.", ["version"]).WithLabels(version).Set(1);
        _stored = factory.CreateCounter("ledger_records_stored_total", "Records stored and acknowledged.", stream);
        _repeated = factory.CreateCounter("ledger_records_repeated_total", "Records that were stored before and were sent again.", stream);
        _refused = factory.CreateCounter("ledger_records_conflicting_total", "Records refused because their id or sequence is that of another one.", stream);
        _gaps = factory.CreateCounter("ledger_sequence_gap_records_total", "Numbers that a producer left out when it sent a later one.", ["stream", "producer"]);
        _overtaken = factory.CreateCounter("ledger_segments_overtaken_total", "Segments written again because another instance was first.", stream);
        _bytes = factory.CreateCounter("ledger_segment_bytes_total", "Bytes of segments stored.", stream);
        _checkpointFailures = factory.CreateCounter("ledger_checkpoint_failures_total", "Checkpoints that could not be signed or stored.", stream);
        _requests = factory.CreateCounter("ledger_requests_total", "Answers by status.", ["status"]);
        _rejected = factory.CreateCounter("ledger_records_rejected_total", "Records that cannot be stored as they are; of a request that is refused as a whole, the first one.", ["reason"]);
        _reloads = factory.CreateCounter("ledger_settings_reloads_total", "Changes of files that were taken over while the service runs.", ["option"]);
        _stale = factory.CreateGauge("ledger_settings_stale", "1: the files of the option cannot be used, and what they had before still is.", ["option"]);
        _syslogStored = factory.CreateCounter("ledger_syslog_messages_total", "Syslog messages that were stored.", stream);
        _syslogClosed = factory.CreateCounter("ledger_syslog_connections_closed_total", "Syslog connections that were closed otherwise than by their senders.", ["reason"]);
        _syslogConnections = factory.CreateGauge("ledger_syslog_connections", "Syslog connections that are open.");
        _size = factory.CreateGauge("ledger_stream_records", "Records of the stream.", stream);
        _signed = factory.CreateGauge("ledger_stream_signed_records", "Records that a checkpoint covers.", stream);
        _away = factory.CreateGauge("ledger_archive_away", "1: the archive does not take records.", stream);
        // Of the start, at which no stream is known yet. From the beginning, so that an alert can tell one instance from all.
        _away.WithLabels("").Set(0);
        _broken = factory.CreateGauge("ledger_stream_broken", "1: nothing is written to the stream, because its archive is inconsistent.", stream);
        _spoolAway = factory.CreateGauge("ledger_spool_away", "1: the local disk does not take records, because it is full or broken.", stream);
        _restored = factory.CreateCounter("ledger_segments_restored_total", "Segments that the archive had stored and lost, put back from the local disk.", stream);
        _checkpointAge = factory.CreateGauge("ledger_checkpoint_age_seconds", "Age of the oldest record that no checkpoint covers; 0 when there is none.", stream);
        _verified = factory.CreateGauge("ledger_verified_records", "The last record that was in order when the service verified its archive.", stream);
        _verifiedAt = factory.CreateGauge("ledger_verified_timestamp_seconds", "When the service verified its archive the last time, whatever it found.", stream);
        _verifyFailed = factory.CreateGauge("ledger_verify_failed", "1: the service found a breach when it verified its archive the last time.", stream);
        _spool = factory.CreateHistogram("ledger_spool_seconds", "Duration of writing a segment to the local disk.", stream, buckets);
        _archive = factory.CreateHistogram("ledger_archive_seconds", "Duration of storing a segment in the archive.", stream, buckets);
        _answers = factory.CreateHistogram("ledger_acknowledge_seconds", "Duration of requests with records that were stored.", buckets);
    }

    public CollectorRegistry Registry => _registry;

    /// <summary>Is told how many records a stream has, when it is opened and whenever some are stored.</summary>
    public Action<string, long>? Grown { get; set; }

    /// <summary>Says of the streams how old their uncovered records are when somebody asks.</summary>
    public void Watch(Func<IEnumerable<StreamView>> views, TimeProvider clock) => _registry.AddBeforeCollectCallback(() =>
    {
        foreach (var view in views())
            _checkpointAge.WithLabels(view.Stream).Set(view.UncoveredSince is { } since ? Math.Max(0, (clock.GetUtcNow() - since).TotalSeconds) : 0);
    });

    /// <summary>Says how long the certificate that the service shows is valid.</summary>
    public void Watch(Reloaded<ServerCertificate> certificate, TimeProvider clock)
    {
        var days = Prometheus.Metrics.WithCustomRegistry(_registry).CreateGauge("ledger_certificate_days_until_end", "Days until the certificate that the service shows expires.");
        _registry.AddBeforeCollectCallback(() => days.Set((certificate.Current.NotAfter.ToUniversalTime() - clock.GetUtcNow().UtcDateTime).TotalDays));
    }

    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) => _registry.CollectAndExportAsTextAsync(stream, cancellationToken);

    public void Answered(int status, TimeSpan? stored)
    {
        _requests.WithLabels($"{status}").Inc();
        if (stored is { } time)
            _answers.Observe(time.TotalSeconds);
    }

    /// <param name="reason">The end of the problem's type.</param>
    public void Rejected(string reason, int records) => _rejected.WithLabels(reason).Inc(records);

    /// <summary>The same with an event, where the sender may not say it to anybody.</summary>
    public void Rejected(string reason, int records, string producer, string stream, string message)
    {
        Rejected(reason, records);
        _log.Write("rejected", stream, $"{records} records of {producer} were refused: {message}");
    }

    public void SyslogStored(string stream, int messages) => _syslogStored.WithLabels(stream).Inc(messages);

    public void SyslogConnections(int open) => _syslogConnections.Set(open);

    /// <param name="message">Null: without an event, for what somebody may do very often.</param>
    public void SyslogClosed(string reason, string? message)
    {
        _syslogClosed.WithLabels(reason).Inc();
        if (message is not null)
            _log.Write("syslog-closed", "", message);
    }

    public void Event(string name, string stream, string message) => _log.Write(name, stream, message);

    public void Looked(IReloaded setting, ReloadResult result)
    {
        _stale.WithLabels(setting.What).Set(result.Fault is null ? 0 : 1);
        _reloads.WithLabels(setting.What).Inc(result.HasChanged ? 1 : 0);
        result.Write(setting, _log);
    }

    /// <summary>Series of a stream that exists: one that is absent before its first error hides that error from increase().</summary>
    public void Opened(StreamView view)
    {
        foreach (var counter in new[] { _stored, _repeated, _refused, _overtaken, _bytes, _checkpointFailures, _restored })
            counter.WithLabels(view.Stream);
        _size.WithLabels(view.Stream).Set(view.Size);
        _signed.WithLabels(view.Stream).Set(view.Checkpoint?.Checkpoint.Size ?? 0);
        _broken.WithLabels(view.Stream).Set(0);
        _away.WithLabels(view.Stream).Set(0);
        _spoolAway.WithLabels(view.Stream).Set(0);
        Grown?.Invoke(view.Stream, view.Size);
    }

    public void Stored(string stream, int records, long bytes, long size, TimeSpan spool, TimeSpan archive)
    {
        _stored.WithLabels(stream).Inc(records);
        _bytes.WithLabels(stream).Inc(bytes);
        _size.WithLabels(stream).Set(size);
        _spool.WithLabels(stream).Observe(spool.TotalSeconds);
        _archive.WithLabels(stream).Observe(archive.TotalSeconds);
        Grown?.Invoke(stream, size);
    }

    public void Repeated(string stream, int records) => _repeated.WithLabels(stream).Inc(records);

    public void Refused(string stream, int records)
    {
        _refused.WithLabels(stream).Inc(records);
        _log.Write("conflict", stream, $"{records} records were refused: their id or sequence is that of another record");
    }

    public void GapSeen(string stream, string producer, long records)
    {
        _gaps.WithLabels(stream, producer).Inc(records);
        _log.Write("gap", stream, $"the producer {producer} left out {records} numbers");
    }

    public void Overtaken(string stream) => _overtaken.WithLabels(stream).Inc();

    public void ArchiveAway(string stream, string reason)
    {
        _away.WithLabels(stream).Set(1);
        _log.Write("archive-away", stream, reason);
    }

    public void ArchiveBack(string stream)
    {
        _away.WithLabels(stream).Set(0);
        _log.Write("archive-back", stream, "the archive takes records again");
    }

    public void SpoolAway(string stream, string reason)
    {
        _spoolAway.WithLabels(stream).Set(1);
        _log.Write("spool-away", stream, reason);
    }

    public void SpoolBack(string stream)
    {
        _spoolAway.WithLabels(stream).Set(0);
        _log.Write("spool-back", stream, "the local disk takes records again");
    }

    public void Restored(string stream, long first)
    {
        _restored.WithLabels(stream).Inc();
        _log.Write("restored", stream, $"the archive had lost the segment that begins with record {first}; it was put back from the spool");
    }

    public void CheckpointStored(string stream, long size)
    {
        _signed.WithLabels(stream).Set(size);
        _log.Write("checkpoint", stream, $"{size} records are signed");
    }

    public void CheckpointFailed(string stream, string reason)
    {
        _checkpointFailures.WithLabels(stream).Inc();
        _log.Write("checkpoint-failed", stream, reason);
    }

    public void Broken(string stream, string reason)
    {
        _broken.WithLabels(stream).Set(1);
        _log.Write("broken", stream, reason);
    }

    public void Verified(string stream, long records, DateTimeOffset at)
    {
        _verified.WithLabels(stream).Set(records);
        _verifiedAt.WithLabels(stream).Set(at.ToUnixTimeSeconds());
        _verifyFailed.WithLabels(stream).Set(0);
    }

    public void BreachFound(Finding finding, DateTimeOffset at)
    {
        _verifiedAt.WithLabels(finding.Stream).Set(at.ToUnixTimeSeconds());
        _verifyFailed.WithLabels(finding.Stream).Set(1);
        _log.Write("verify-failed", finding.Stream, $"{Report.NameOf(finding.Breach)}{(finding.Sequence > 0 ? $" at record {finding.Sequence}" : "")} in {finding.Name}: {finding.Message}");
    }

    public void VerificationInterrupted(string reason) => _log.Write("verify-interrupted", "", reason);
}
