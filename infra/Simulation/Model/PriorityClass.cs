namespace HaCluster.Simulation.Model;

public sealed record PriorityClass(string Name, int Value, bool IsDefault, bool Preempts);
