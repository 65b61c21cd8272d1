namespace HaCluster.Simulation.Running;

/// <summary>One delay of a run, for display.</summary>
/// <param name="Source">Where the value is documented; for an assumption, what it represents.</param>
/// <param name="IsAssumed">Whether it is undocumented and can be overridden.</param>
public readonly record struct Timer(string Name, TimeSpan Value, string Source, bool IsAssumed);
