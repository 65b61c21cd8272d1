namespace HaCluster.Simulation.Model;

/// <summary>A PodDisruptionBudget: one of the two bounds is set.</summary>
/// <param name="AlwaysEvictsUnhealthy"><c>unhealthyPodEvictionPolicy: AlwaysAllow</c>.</param>
public sealed record DisruptionBudget(
    string Namespace, string Name, LabelSelector? Selector, IntOrPercent? MinAvailable, IntOrPercent? MaxUnavailable, bool AlwaysEvictsUnhealthy = false)
{
    public bool Covers(string @namespace, IReadOnlyDictionary<string, string> labels) => Namespace == @namespace && Selector?.Matches(labels) == true;

    /// <summary>Healthy pods that must remain of <paramref name="expected"/>.</summary>
    public int DesiredHealthy(int expected) =>
        MinAvailable is { } least ? least.Of(expected)
        : MaxUnavailable is { } most ? Math.Max(0, expected - most.Of(expected))
        : 0;
}
