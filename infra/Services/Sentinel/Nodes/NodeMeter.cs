using HaCluster.Sentinel.Metrics;
using Prometheus;

namespace HaCluster.Sentinel.Nodes;

/// <summary>Measures calls to the node: by method how long they take, by fault how many fail.</summary>
internal sealed class NodeMeter
{
    private readonly Histogram.Child _all;
    private readonly Histogram _byMethod;
    private readonly Counter _errors;
    private readonly string[] _labels;

    public NodeMeter(IMetricFactory metrics, string[] labels)
    {
        _labels = labels;
        var buckets = Histogram.ExponentialBuckets(0.001, 2, 13);
        _all = metrics.CreateHistogram(MetricNames.PollSeconds, "Duration of calls to the node, including failed ones.", MetricNames.Labels, new HistogramConfiguration { Buckets = buckets })
            .WithLabels(labels);
        _byMethod = metrics.CreateHistogram(
            MetricNames.RpcSeconds, "Duration of calls to the node by method, including failed ones.", [.. MetricNames.Labels, "method"], new HistogramConfiguration { Buckets = buckets });
        _errors = metrics.CreateCounter(MetricNames.RpcErrorsTotal, "Calls to the node that failed, by fault.", [.. MetricNames.Labels, "fault"]);
        // A counter that is absent before its first error hides that error from increase().
        foreach (var fault in Enum.GetValues<RpcFault>())
            _errors.WithLabels([.. labels, NameOf(fault)]);
    }

    public void Called(string method, TimeSpan time)
    {
        _all.Observe(time.TotalSeconds);
        _byMethod.WithLabels([.. _labels, method]).Observe(time.TotalSeconds);
    }

    public void Failed(RpcFault fault) => _errors.WithLabels([.. _labels, NameOf(fault)]).Inc();

    private static string NameOf(RpcFault fault) => fault switch
    {
        RpcFault.Unreachable => "unreachable",
        RpcFault.Timeout => "timeout",
        RpcFault.Tls => "tls",
        RpcFault.Unauthorized => "unauthorized",
        RpcFault.Throttled => "throttled",
        RpcFault.Status => "status",
        RpcFault.Malformed => "malformed",
        RpcFault.TooLarge => "too-large",
        _ => "refused",
    };
}
