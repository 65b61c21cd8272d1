using System.Net;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Elastic;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Metrics;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Reading;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Syslog;
using HaCluster.Ledger.Tls;
using HaCluster.Ledger.Verification;
using HaCluster.Ledger.Writing;
using HaCluster.Services;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace HaCluster.Ledger.Hosting;

/// <summary>A service that takes requests until it is disposed of: then it answers those that have begun, signs last checkpoints and ends.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Probes _probes;
    private readonly FileStream _lock;
    private readonly IArchive _archive;
    private readonly ISigner _signer;
    private readonly Indexer? _indexer;
    private readonly RequestedVerifications _verifications;
    private readonly Reloader _reloader;
    private readonly SyslogServer? _syslog;
    private readonly CancellationTokenSource _stop;
    private readonly Task _opening;

    private RunningService(
        WebApplication app, Probes probes, StreamLogs logs, Indexer? indexer, RequestedVerifications verifications, Reloader reloader, SyslogServer? syslog, FileStream folderLock, IArchive archive, ISigner signer, CancellationTokenSource stop, Task opening)
    {
        (_app, _probes, Logs, _indexer, _verifications, _reloader, _syslog, _lock, _archive, _signer, _stop, _opening) =
            (app, probes, logs, indexer, verifications, reloader, syslog, folderLock, archive, signer, stop, opening);
    }

    public StreamLogs Logs { get; }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Null: no syslog is received.</summary>
    public IPEndPoint? SyslogAddress => _syslog?.Address;

    public static async Task<RunningService> StartAsync(ServeOptions options, IFaultPoints faults, TextWriter error, CancellationToken cancellationToken, IArchive? archive = null, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        var spool = Path.Combine(options.Data, "spool");
        try
        {
            PrivateFolder.Create(options.Data);
            PrivateFolder.Create(spool);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--data: the folder {options.Data} cannot be made: {exception.Message}", exception);
        }

        var folderLock = Lock(options.Data);
        ISigner? signer = null;
        Indexer? indexer = null;
        var stop = new CancellationTokenSource();
        SyslogServer? syslog = null;
        try
        {
            var log = new EventLog(error, clock, "stream");
            signer = StorageAddresses.FindSigner(options.Key);
            archive ??= StorageAddresses.OpenArchive(options.Archive, options.Retention);
            var metrics = new LedgerMetrics(log, typeof(RunningService).Assembly.GetName().Version?.ToString(3) ?? "0.0.0");
            var logs = new StreamLogs(new LogContext(archive, signer, options.Log, clock, metrics, faults, Service.NewWriter()), spool);
            metrics.Watch(() => logs.Opened.Select(one => one.View), clock);
            var verifier = options.VerifyEvery is { } every
                ? new BackgroundVerifier(archive, Path.Combine(options.Data, "verified.json"), every, options.Log.Retention, metrics, clock)
                : null;
            var verifications = new RequestedVerifications(archive, options.Log.Retention, metrics, clock, stop.Token);
            var probes = new Probes(logs, metrics);
            indexer = StartIndexer(options, archive, log, metrics, faults);
            var (queries, audit) = (new RecordQueries(indexer, logs), new AuditTrail(logs));
            var bodies = new RequestBody(options.LargestRequest, options.BodyBudget);
            var intake = new Intake(options.Producers, logs, metrics);
            var routes = Routes.Of(
                new Receiver(options.LargestRecord, bodies, intake), new BulkReceiver(options.LargestRecord, bodies, intake, metrics), new ElasticPages(logs), new StreamPages(logs),
                new RecordPages(queries, audit), new Exports(queries, audit, stop.Token), new DeadLetterPages(queries, audit),
                new VerificationPages(verifications, logs, audit), probes);
            var tls = options.Certificate is { } certificate ? new TlsEndpoint(certificate, options.ClientAuthority, clock) : null;
            if (options.Certificate is { } shown)
                metrics.Watch(shown, clock);
            var app = Service.Create(options, tls, new Router(options, routes, metrics, clock));
            if (options.Syslog is { } receive)
                syslog = new SyslogServer(receive, tls ?? throw new ArgumentException("syslog needs a certificate"), options.Producers, intake, metrics);
            await Listening.StartAsync(app, "--listen", options.Listen, cancellationToken);
            var reloader = new Reloader([.. new IReloaded?[] { options.Producers, options.Certificate, options.ClientAuthority }.OfType<IReloaded>().Where(one => one.What.Length > 0)], metrics.Looked, options.ReloadEvery);
            return new RunningService(app, probes, logs, indexer, verifications, reloader, syslog, folderLock, archive, signer, stop, OpenAsync(logs, archive, log, verifier, stop.Token));
        }
        catch
        {
            if (syslog is not null)
                await syslog.DisposeAsync();
            if (indexer is not null)
                await StopAsync(indexer);
            stop.Dispose();
            archive?.Dispose();
            signer?.Dispose();
            await folderLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>Until it is to end, or a defect ends it.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _probes.IsDraining = true;
        await _stop.CancelAsync();
        await _reloader.DisposeAsync();
        var syslog = _syslog?.DisposeAsync().AsTask() ?? Task.CompletedTask;
        await _app.StopAsync(CancellationToken.None);
        await syslog;
        await _opening.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _verifications.DisposeAsync();
        await Logs.DisposeAsync();
        if (_indexer is not null)
            await StopAsync(_indexer);
        await _app.DisposeAsync();
        _archive.Dispose();
        _signer.Dispose();
        await _lock.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Two processes over one spool would write over what the other has not stored yet.</summary>
    private static FileStream Lock(string folder)
    {
        var file = Path.Combine(folder, "ledger.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"--data: {folder} is in use by another ledger, or not writable; give each process a folder of its own ({exception.Message})", exception);
        }
    }

    private static Indexer? StartIndexer(ServeOptions options, IArchive archive, EventLog log, LedgerMetrics metrics, IFaultPoints faults)
    {
        if (options.Index is null)
            return null;
        var index = StorageAddresses.OpenIndex(options.Index, options.IndexRegion, faults);
        var indexer = new Indexer(index, archive, new IndexMetrics(log, metrics.Registry), options.Indexing, TimeProvider.System, faults);
        metrics.Grown = (stream, size) => indexer.Grew(stream, size, TimeProvider.System.GetUtcNow());
        indexer.Start();
        return indexer;
    }

    private static async Task StopAsync(Indexer indexer)
    {
        await indexer.DisposeAsync();
        await indexer.Index.DisposeAsync();
    }

    /// <summary>While the service listens already and says 503: an archive or key that does not answer takes the time-outs of its client to be noticed.</summary>
    private static async Task OpenAsync(StreamLogs logs, IArchive archive, EventLog log, BackgroundVerifier? verifier, CancellationToken cancellationToken)
    {
        await logs.OpenAsync(cancellationToken);
        try
        {
            if (archive is S3Archive s3 && await s3.MissingLockAsync(cancellationToken) is { } warning)
                log.Write("not-locked", "", warning);
        }
        catch (ArchiveUnavailableException exception)
        {
            log.Write("lock-unknown", "", exception.Message);
        }

        if (verifier is not null)
            await verifier.RunAsync(cancellationToken);
    }
}
