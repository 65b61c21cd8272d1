using System.Collections.Immutable;

namespace HaCluster.Stack.Monitoring.Alerting;

/// <summary>While one alert fires, related alerts are muted (https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule).</summary>
/// <param name="Source">Matchers of the alert that mutes the others.</param>
/// <param name="Target">Matchers of those that are kept back.</param>
/// <param name="Equal">Labels that both must have in common; one that both lack counts as common.</param>
public sealed record Inhibition(ImmutableArray<string> Source, ImmutableArray<string> Target, ImmutableArray<string> Equal)
{
    public Dictionary<string, object> Values()
    {
        var values = new Dictionary<string, object> { ["source_matchers"] = Source.ToArray(), ["target_matchers"] = Target.ToArray() };
        if (!Equal.IsEmpty)
            values["equal"] = Equal.ToArray();
        return values;
    }
}
