using HaCluster.Sentinel.Arguments;
using HaCluster.Sentinel.Decisions;
using HaCluster.Sentinel.Metrics;
using HaCluster.Sentinel.Nodes;
using HaCluster.Sentinel.Watching;
using Prometheus;

namespace HaCluster.Sentinel.Answers;

/// <summary>Brings the gauges up to date whenever somebody scrapes. What is not known is absent, never zero.</summary>
internal sealed class SentinelMetrics
{
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Gauge.Child> _gauges = [];
    private readonly MetricFactory _factory;
    private readonly string[] _labels;
    private readonly SentinelOptions _options;
    private readonly Watch _watch;
    private readonly VolumeGauge? _volume;
    private readonly Counter.Child _reorganisations;

    public SentinelMetrics(SentinelOptions options, Watch watch, TimeProvider clock)
    {
        (_options, _watch) = (options, watch);
        _factory = Prometheus.Metrics.WithCustomRegistry(_registry);
        _labels = [Networks.NameOf(options.Chain), options.Network, options.Client];
        _volume = options.DataDirectory is { } directory ? new VolumeGauge(directory, clock) : null;
        Node = new NodeMeter(_factory, _labels);
        _factory.CreateGauge(MetricNames.BuildInfo, "1; the version is a label.", [.. MetricNames.Labels, "version"])
            .WithLabels([.. _labels, StatusDocument.ProductVersion]).Set(1);
        _reorganisations = _factory.CreateCounter(MetricNames.ReorgsTotal, "Reorganisations since the sentinel started.", MetricNames.Labels).WithLabels(_labels);
    }

    public NodeMeter Node { get; }

    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        lock (_lock)
            Update(_watch.Take());
        await _registry.CollectAndExportAsTextAsync(stream, cancellationToken);
    }

    private void Update(Snapshot at)
    {
        var ready = ReadyDecision.Of(at);
        var node = at.Node;
        Set(MetricNames.NodeUp, "1: the node answered the last call.", Flag(_watch.IsUp));
        Set(MetricNames.HeadHeight, "Height of the node's newest block.", node?.Head.Height);
        Set(MetricNames.HeadTimestamp, "Time of the node's newest block.", node?.Head.Time.ToUnixTimeSeconds());
        Set(MetricNames.ReferenceHeight, "Highest block among this node and its siblings.", at.Reference?.Height);
        Set(MetricNames.LagBlocks, "Reference minus own height.", node is null ? null : at.Lag);
        Set(MetricNames.Peers, "Peers of the node.", node?.Peers);
        Set(MetricNames.Syncing, "1: the node is catching up.", node is null ? null : Flag(LiveDecision.IsCatchingUp(at)));
        Set(MetricNames.Ready, "1: the node may be used.", Flag(ready.Ok));
        Set(MetricNames.Live, "1: no program of the pod should be restarted.", Flag(LiveDecision.Of(at).Ok));
        Set(MetricNames.FailOpen, "1: ready although behind, because no node is better.", Flag(ready.Reason == Reasons.FailOpen));
        Set(MetricNames.FinalizedHeight, "Height of the finalized block.", node?.Finalized);
        Set(MetricNames.LastReorgDepth, "Blocks replaced by the last reorganisation.", _watch.Reorganisations.Depth);
        Set(MetricNames.HashDivergence, "1: a sibling has another block three below the head.", node is null ? null : Flag(!at.Forks.Differing.IsEmpty));
        Set(MetricNames.ConsensusUp, "1: the consensus client answered the last call.", at.HasConsensus ? Flag(_watch.IsConsensusUp) : null);
        Set(MetricNames.ConsensusDistance, "Slots that the consensus client is behind.", at.Consensus?.Distance);
        Set(MetricNames.MempoolTransactions, "Transactions that wait for a block.", node?.Mempool?.Transactions);
        Set(MetricNames.MempoolBytes, "Their size.", node?.Mempool?.Bytes);
        Set(MetricNames.GasPrice, "Gas price that the node suggests, in wei.", node?.GasPrice);
        Set(MetricNames.BaseFee, "Base fee of the newest block, in wei.", node?.BaseFee);
        Set(MetricNames.CertificateDays, "Days until the certificate that the node serves expires.", (at.Certificate?.Served?.NotAfter - at.Now)?.TotalDays);
        _reorganisations.IncTo(_watch.Reorganisations.Count);
        if (_volume is null)
            return;
        var volume = _volume.Read();
        Set(MetricNames.VolumeBytes, "Size of the data volume.", volume?.Size);
        Set(MetricNames.VolumeFreeBytes, "Free bytes on the data volume.", volume?.Free);
        Set(MetricNames.VolumeDaysUntilFull, "Days until the data volume is full at its growth of the last day.", volume?.DaysUntilFull);
    }

    private void Set(string name, string help, double? value)
    {
        if (value is not { } number)
        {
            if (_gauges.Remove(name, out var gone))
                gone.Unpublish();
            return;
        }

        if (!_gauges.TryGetValue(name, out var gauge))
            _gauges.Add(name, gauge = _factory.CreateGauge(name, help, MetricNames.Labels).WithLabels(_labels));
        gauge.Set(number);
        gauge.Publish();
    }

    private static double Flag(bool value) => value ? 1 : 0;
}
