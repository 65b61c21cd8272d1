using System.Collections.Immutable;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>A series that Prometheus computes and keeps, for alerts and dashboards.</summary>
public sealed record RecordingRule
{
    /// <summary>Name of the series, <c>level:metric:operation</c>.</summary>
    public required string Series { get; init; }

    /// <summary>PromQL.</summary>
    public required string Expression { get; init; }

    /// <summary>Labels in addition to those of the result.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
