namespace HaCluster.Planning.Policies;

/// <summary>How a policy stands in a plan.</summary>
public enum PolicyStatus
{
    /// <summary>Everything was inspected, and nothing breaks it apart from what the settings exempt.</summary>
    Holds,

    /// <summary>Nothing that was inspected breaks it, and something could not be inspected. The plan is not refused.</summary>
    Incomplete,

    /// <summary>The settings switch it off; what breaks it is still known.</summary>
    Off,

    /// <summary>The plan is refused.</summary>
    Violated,
}
