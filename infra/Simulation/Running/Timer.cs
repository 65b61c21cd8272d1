namespace HaCluster.Simulation.Running;

/// <summary>One delay that a run reckons with, for people to read.</summary>
/// <param name="Source">Where the value is documented; for an assumption, what it stands for.</param>
/// <param name="IsAssumed">No document states it: whoever knows better sets it.</param>
public readonly record struct Timer(string Name, TimeSpan Value, string Source, bool IsAssumed);
