using System.Collections.Immutable;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>Rules about one subject. Prometheus evaluates a group in order, so what is recorded is there for the alerts after it.</summary>
public sealed record RuleGroup
{
    /// <summary>The subject, such as <c>zones</c>: name of the group and of the object that carries it.</summary>
    public required string Name { get; init; }

    public ImmutableArray<RecordingRule> Records { get; init; } = [];

    public ImmutableArray<AlertRule> Alerts { get; init; } = [];
}
