using HaCluster.Services;
using Prometheus;

namespace HaCluster.Payments.Metrics;

/// <summary>Counts what happens, and writes what an operator has to know to the log.</summary>
internal sealed class PaymentsMetrics
{
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly MetricSet _metrics;
    private readonly EventLog _log;
    private readonly WorkGauges _ofWork;
    private readonly Counter _requests;
    private readonly Counter _storeFailures;
    private readonly Counter _workFailures;
    private readonly Counter _moves;
    private readonly Counter _broadcasts;
    private readonly Counter _children;
    private readonly Gauge _open;
    private readonly Gauge _oldest;
    private readonly Gauge _worker;
    private readonly Counter _alarms;
    private readonly Counter _signerRefusals;
    private readonly Gauge _killSwitch;
    private readonly Gauge _approvals;

    public PaymentsMetrics(EventLog log, string version)
    {
        _log = log;
        var factory = _metrics = new MetricSet(_registry);
        _ofWork = new WorkGauges(factory.Series);
        factory.CreateGauge("payments_build_info", "1; the version is a label.", ["version"]).WithLabels(version).Set(1);
        _requests = factory.CreateCounter("payments_requests_total", "Answers by status.", ["status"]);
        _storeFailures = factory.CreateCounter("payments_store_failures_total", "Requests that the database did not answer.");
        _workFailures = factory.CreateCounter("payments_worker_failures_total", "Rounds of a worker that a node, the signer or the database ended.", ["worker", "subject"]);
        _moves = factory.CreateCounter("payments_transfer_states_total", "Transfers that came into a state through a sender.", ["wallet", "state"]);
        _broadcasts = factory.CreateCounter("payments_broadcasts_total", "Signed transactions given to a node, by what it said.", ["chain", "outcome"]);
        _children = factory.CreateCounter("payments_children_total", "Children that were signed to pay for a transaction that waits.", ["wallet"]);
        _open = _ofWork.Of("sender", factory.CreateGauge("payments_open_transfers", "Transfers that have not ended.", ["wallet"]));
        _oldest = _ofWork.Of("sender", factory.CreateGauge("payments_oldest_open_transfer_seconds", "Age of the oldest transfer that is approved and has not ended; 0 when none is.", ["wallet"]));
        _worker = factory.CreateGauge("payments_worker", "1: this replica does this work.", ["worker", "subject"]);
        _alarms = factory.CreateCounter("payments_alarms_total", "Events `alarm` of the log, by what they are about: each needs a human decision.", ["kind"]);
        _signerRefusals = factory.CreateCounter("payments_signer_refusals_total", "Orders that the signer refused, by its reason.", ["code"]);
        _killSwitch = factory.CreateGauge("payments_kill_switch", "1: no transfer is signed.");
        _approvals = factory.CreateGauge("payments_approvals_waiting", "Transfers that wait for the approval of other people.", ["wallet"]);
        Watching = new WatchingMetrics(factory, _ofWork, log);
        Delivery = new DeliveryMetrics(factory, _ofWork, log);
        Forwarding = new ForwardingMetrics(factory, log);
    }

    public WatchingMetrics Watching { get; }

    public DeliveryMetrics Delivery { get; }

    public ForwardingMetrics Forwarding { get; }

    /// <inheritdoc cref="MetricSet.Publish"/>
    public IDisposable Publish() => _metrics.Publish();

    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) => _registry.CollectAndExportAsTextAsync(stream, cancellationToken);

    public void Answered(int status) => _requests.WithLabels($"{status}").Inc();

    public void StoreFailed(string message)
    {
        _storeFailures.Inc();
        _log.Write("store-failed", "", message);
    }

    /// <param name="isOurs">False: what was said of the work is no longer said.</param>
    public void Works(string worker, string subject, bool isOurs)
    {
        _worker.WithLabels(worker, subject).Set(isOurs ? 1 : 0);
        if (!isOurs)
            _ofWork.Forget(worker, subject);
    }

    public void Open(string wallet, long count, TimeSpan oldest)
    {
        _open.WithLabels(wallet).Set(count);
        _oldest.WithLabels(wallet).Set(oldest.TotalSeconds);
    }

    public void Moved(string wallet, string transfer, string state)
    {
        _moves.WithLabels(wallet, state).Inc();
        _log.Write($"transfer-{state}", transfer, $"the transfer is {state}");
    }

    public void Broadcast(string chain, string outcome) => _broadcasts.WithLabels(chain, outcome).Inc();

    public void ChildSigned(string wallet) => _children.WithLabels(wallet).Inc();

    public void Held(string transfer, string reason) => _log.Write("transfer-held", transfer, reason);

    public void WorkFailed(string worker, string subject, string message)
    {
        _workFailures.WithLabels(worker, subject).Inc();
        _log.Write($"{worker}-failed", subject, message);
    }

    /// <param name="subject">An id.</param>
    public void Alarm(string subject, string message)
    {
        _alarms.WithLabels(KindOf(subject)).Inc();
        _log.Write("alarm", subject, message);
    }

    public void SignerRefused(string code) => _signerRefusals.WithLabels(code).Inc();

    public void KillSwitch(bool isOn) => _killSwitch.Set(isOn ? 1 : 0);

    public void ApprovalsWaiting(string wallet, long count) => _approvals.WithLabels(wallet).Set(count);

    private static string KindOf(string subject) => subject.Split('_') switch
    {
        ["trf", _] => "transfer",
        ["wal", _] => "wallet",
        ["dep", ..] => "deposit",
        ["rec", _] => "reconciliation",
        ["whk", _] => "webhook",
        ["ledger"] => "ledger",
        [var prefix, _] => prefix,
        _ => "block",
    };
}
