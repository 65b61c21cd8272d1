namespace HaCluster.Simulation.Model;

/// <param name="Zone">Null when AWS chooses.</param>
/// <param name="Tier">Promotion tier, 0 to 15: the lowest is promoted first.</param>
public sealed record DatabaseInstance(string Name, string? Zone, int Tier);
