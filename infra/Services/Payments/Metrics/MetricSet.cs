using System.Diagnostics.Metrics;
using Prometheus;

namespace HaCluster.Payments.Metrics;

/// <summary>Metrics for both who read them: Prometheus, which asks, and an OpenTelemetry collector, which is sent them. The second are read from the first: one number, two ways out.</summary>
internal sealed class MetricSet(CollectorRegistry registry)
{
    /// <summary>Of the meter, for those that send it.</summary>
    public const string MeterName = "HaCluster.Payments";

    private readonly MetricFactory _factory = Prometheus.Metrics.WithCustomRegistry(registry);
    private readonly List<Action<Meter>> _instruments = [];

    /// <summary>Held while series are read or removed: a look at one that is just being removed would make it again.</summary>
    public Lock Series { get; } = new();

    /// <summary>Makes a meter of all metrics, for those that send it, until it is disposed of. Nobody else pays for it: .NET keeps every instrument in a list of the process.</summary>
    public IDisposable Publish()
    {
        var meter = new Meter(MeterName);
        _instruments.ForEach(create => create(meter));
        return meter;
    }

    public Counter CreateCounter(string name, string help, params string[] labels)
    {
        var counter = _factory.CreateCounter(name, help, labels);
        _instruments.Add(meter => meter.CreateObservableCounter(name, () => Read(counter, () => counter.Value, child => child.Value), description: help));
        return counter;
    }

    public Gauge CreateGauge(string name, string help, params string[] labels) => Add(_factory.CreateGauge(name, help, labels));

    public Gauge CreateGauge(string name, string help, GaugeConfiguration configuration) => Add(_factory.CreateGauge(name, help, configuration));

    private Gauge Add(Gauge gauge)
    {
        _instruments.Add(meter => meter.CreateObservableGauge(gauge.Name, () => Read(gauge, () => gauge.Value, child => child.Value), description: gauge.Help));
        return gauge;
    }

    private IReadOnlyList<Measurement<double>> Read<TChild>(Collector<TChild> collector, Func<double> unlabelled, Func<TChild, double> value)
        where TChild : ChildBase
    {
        lock (Series)
        {
            return collector.LabelNames.Length == 0 ? [new Measurement<double>(unlabelled())]
                : [.. collector.GetAllLabelValues().Select(values => new Measurement<double>(value(collector.WithLabels(values)), collector.LabelNames.Zip(values, (name, text) => new KeyValuePair<string, object?>(name, text))))];
        }
    }
}
