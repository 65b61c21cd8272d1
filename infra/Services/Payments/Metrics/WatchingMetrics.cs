using HaCluster.Services;
using Prometheus;

namespace HaCluster.Payments.Metrics;

/// <summary>How far the watchers and the reconciler are, and what they found.</summary>
internal sealed class WatchingMetrics
{
    private readonly EventLog _log;
    private readonly Gauge _lag;
    private readonly Gauge _height;
    private readonly Counter _reorganisations;
    private readonly Gauge _depth;
    private readonly Gauge _difference;
    private readonly Gauge _reconciled;
    private readonly Gauge _notCompared;

    public WatchingMetrics(MetricSet factory, WorkGauges ofWork, EventLog log)
    {
        _log = log;
        _lag = ofWork.Of("watcher", factory.CreateGauge("payments_scanner_lag_blocks", "Blocks of the node's chain that were not scanned yet.", ["chain"]));
        _height = ofWork.Of("watcher", factory.CreateGauge("payments_scanned_height", "The last block that was scanned.", ["chain"]));
        _reorganisations = factory.CreateCounter("payments_reorganisations_total", "Reorganisations that were followed.", ["chain"]);
        _depth = ofWork.Of("watcher", factory.CreateGauge("payments_reorganisation_depth_blocks", "Blocks that the last reorganisation replaced.", ["chain"]));
        _difference = factory.CreateGauge("payments_reconciliation_difference_units", "What a wallet has on the chain more than in the books, in base units.", ["wallet", "asset"]);
        _reconciled = factory.CreateGauge("payments_reconciled_timestamp_seconds", "When the books of a wallet were last compared with the chain, since 1970.", ["wallet"]);
        _notCompared = factory.CreateGauge(
            "payments_not_compared_since_timestamp_seconds", "Since when the books of some wallet have not been compared with the chain, since 1970: its last comparison, or when the wallet was made.", ["chain"]);
    }

    public void Scanned(string chain, long height, long head)
    {
        _height.WithLabels(chain).Set(height);
        _lag.WithLabels(chain).Set(Math.Max(0, head - height));
    }

    public void Behind(string chain, long head, long scanned) =>
        _log.Write("watcher-waits", chain, $"the node's chain ends at block {head}, and blocks up to {scanned} were scanned: it is behind, or on a shorter branch");

    public void Reorganised(string chain, int depth)
    {
        _reorganisations.WithLabels(chain).Inc();
        _depth.WithLabels(chain).Set(depth);
        _log.Write("reorganised", chain, $"the chain replaced {depth} blocks");
    }

    public void Reconciled(string wallet, DateTimeOffset at) => _reconciled.WithLabels(wallet).Set(at.ToUnixTimeSeconds());

    /// <param name="at">Null: there is no wallet.</param>
    public void NotComparedSince(string chain, DateTimeOffset? at)
    {
        if (at is { } time)
            _notCompared.WithLabels(chain).Set(time.ToUnixTimeSeconds());
        else
            _notCompared.RemoveLabelled(chain);
    }

    public void ComparedInVain(string chain, long height) =>
        _log.Write("reconciler-failed", chain, $"the chain has replaced block {height}, of which the books were compared, or moved on from it: the comparison begins anew");

    public void Differs(string wallet, string asset, double units) => _difference.WithLabels(wallet, asset).Set(units);
}
