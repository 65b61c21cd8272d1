namespace HaCluster.Simulation.Model;

/// <summary>Something declared that the model does not contain, and why; never dropped in silence.</summary>
public sealed record UnknownObject(string Subject, string Reason);
