namespace HaCluster.Simulation.Scheduling;

/// <summary>How far the scheduler is.</summary>
/// <param name="Next">Where in the order of nodes the next search begins.</param>
/// <param name="Decisions">Made so far: each breaks ties by its own number.</param>
internal readonly record struct SearchCursor(int Next, long Decisions);
