namespace HaCluster.Simulation.Model;

/// <summary>Recovery time objectives: the time until recovery after a failure.</summary>
/// <param name="Stateless">Replicas without volumes.</param>
/// <param name="Stateful">Replicas with volumes that can be attached again.</param>
/// <param name="Database">Until a writer accepts writes again.</param>
public sealed record Objectives(TimeSpan Stateless, TimeSpan Stateful, TimeSpan Database)
{
    public static readonly Objectives Default = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(2));
}
