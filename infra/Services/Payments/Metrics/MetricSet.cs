using System.Diagnostics.Metrics;
using Prometheus;

namespace HaCluster.Payments.Metrics;

/// <summary>Metrics for both who read them: Prometheus, which asks, and an OpenTelemetry collector, which is sent them. The second are read from the first: one number, two ways out.</summary>
internal sealed class MetricSet(CollectorRegistry registry)
{
    /// <summary>Of the meter, for those that send it.</summary>
    public const string MeterName = "HaCluster.Payments";

    // Of the process, as this set is.
    private static readonly Meter Meter = new(MeterName);

    private readonly MetricFactory _factory = Prometheus.Metrics.WithCustomRegistry(registry);

    /// <summary>Held while series are read or removed: a look at one that is just being removed would make it again.</summary>
    public Lock Series { get; } = new();

    public Counter CreateCounter(string name, string help, params string[] labels)
    {
        var counter = _factory.CreateCounter(name, help, labels);
        Meter.CreateObservableCounter(name, () => Read(counter, () => counter.Value, child => child.Value), description: help);
        return counter;
    }

    public Gauge CreateGauge(string name, string help, params string[] labels) => Add(_factory.CreateGauge(name, help, labels));

    public Gauge CreateGauge(string name, string help, GaugeConfiguration configuration) => Add(_factory.CreateGauge(name, help, configuration));

    private Gauge Add(Gauge gauge)
    {
        Meter.CreateObservableGauge(gauge.Name, () => Read(gauge, () => gauge.Value, child => child.Value), description: gauge.Help);
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
