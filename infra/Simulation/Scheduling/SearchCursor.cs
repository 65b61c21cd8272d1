namespace HaCluster.Simulation.Scheduling;

/// <summary>The position of the scheduler.</summary>
/// <param name="Next">Where in the order of nodes the next search begins.</param>
/// <param name="Decisions">The number of decisions so far, which breaks ties.</param>
internal readonly record struct SearchCursor(int Next, long Decisions);
