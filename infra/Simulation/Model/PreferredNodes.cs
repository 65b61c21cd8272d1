namespace HaCluster.Simulation.Model;

/// <summary>A preference for nodes, weight 1 to 100.</summary>
public sealed record PreferredNodes(int Weight, NodeAffinityTerm Term);
