namespace HaCluster.Operations.Aws;

/// <summary>CloudWatch.</summary>
public interface IMetrics
{
    /// <summary>The newest value of a metric within the time before now; null when there is none.</summary>
    Task<MetricValue?> FindLatestAsync(
        string @namespace, string name, IReadOnlyDictionary<string, string> dimensions, string statistic, TimeSpan within, CancellationToken cancellationToken);
}

public sealed record MetricValue(DateTimeOffset At, double Value);
