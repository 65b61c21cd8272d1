namespace HaCluster.Simulation.Model;

/// <summary>A preference for being near pods, or away from them; weight 1 to 100.</summary>
public sealed record PreferredPods(int Weight, PodAffinityTerm Term);
