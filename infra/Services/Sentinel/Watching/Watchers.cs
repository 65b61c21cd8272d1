using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Nodes;

namespace HaCluster.Sentinel.Watching;

/// <summary>Polls one source at a fixed interval, also after errors.</summary>
internal abstract class Watcher(TimeSpan pace, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(pace, clock);
        do
        {
            try
            {
                await AskAsync(stoppingToken);
            }
            catch (RpcException exception)
            {
                Failed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    protected abstract Task AskAsync(CancellationToken cancellationToken);

    protected virtual void Failed(RpcException exception)
    {
    }
}

/// <summary>Asks the node in this pod, and ends the program once the node has closed its RPC after the signal to stop.</summary>
internal sealed class NodeWatcher(
    SentinelOptions options, Watch watch, IChainNode node, HttpAccess http, Stopping stopping, VerdictLog log, TimeProvider clock) : Watcher(Pace, clock)
{
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    protected override async Task AskAsync(CancellationToken cancellationToken)
    {
        var facts = await node.AskAsync(cancellationToken);
        watch.Answered(facts, options.Rpc.CertificateFile is { } file ? new CertificateState(http.Certificate, ServedCertificate.OfFile(file)) : null);
        stopping.NodeAnswered();
        log.Note(watch.Take(), fault: null);
    }

    protected override void Failed(RpcException exception)
    {
        watch.Failed();
        stopping.NodeFailed(isClosed: exception.Fault == RpcFault.Unreachable);
        log.Note(watch.Take(), exception.Message);
    }
}

internal sealed class ConsensusWatcher(Watch watch, BeaconNode node, TimeProvider clock) : Watcher(NodeWatcher.Pace, clock)
{
    protected override async Task AskAsync(CancellationToken cancellationToken) => watch.ConsensusAnswered(await node.AskAsync(cancellationToken));

    protected override void Failed(RpcException exception) => watch.ConsensusFailed();
}

internal sealed class SiblingWatcher(Watch watch, Sibling sibling, HttpAccess http, TimeProvider clock) : Watcher(Pace, clock)
{
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    protected override async Task AskAsync(CancellationToken cancellationToken)
    {
        using var document = await http.GetAsync("/ready", acceptsAnyStatus: true, cancellationToken);
        watch.SiblingAnswered(SiblingReader.Read(sibling.Name, document.RootElement));
    }
}

/// <summary>Writes a line when a verdict changes: what a person looks for in the log of the pod.</summary>
internal sealed class VerdictLog(TextWriter output)
{
    private (string? Ready, string? Live, string? Fault) _last;

    public void Note(Snapshot at, string? fault)
    {
        var (ready, live) = (ReadyDecision.Of(at), LiveDecision.Of(at));
        if (_last == (ready.Reason, live.Reason, fault))
            return;
        _last = (ready.Reason, live.Reason, fault);
        output.WriteLine(
            $"{at.Now:yyyy-MM-ddTHH:mm:ssZ} {(ready.Ok ? "ready" : "not ready")}: {ready.Reason}, {ready.Detail}; "
            + $"{(live.Ok ? "live" : "to be restarted")}: {live.Reason}{(fault is null ? "" : $"; last call failed: {fault}")}");
    }
}

/// <summary>
/// After the signal to stop the sentinel goes on answering, because the node in the pod still shuts down and its probes go on; it ends when the node's RPC has
/// been closed for 5 s.
/// </summary>
internal sealed class Stopping(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Closed = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private long? _closedAt;
    private volatile bool _isAsked;

    public CancellationToken End => _end.Token;

    public void Ask() => _isAsked = true;

    public void EndNow() => _end.Cancel();

    public void Dispose() => _end.Dispose();

    public void NodeAnswered() => _closedAt = null;

    public void NodeFailed(bool isClosed)
    {
        if (!isClosed)
        {
            _closedAt = null;
            return;
        }

        _closedAt ??= clock.GetTimestamp();
        if (_isAsked && clock.GetElapsedTime(_closedAt.Value) >= Closed)
            _end.Cancel();
    }
}
