namespace HaCluster.Planning.Policies;

/// <summary>How a policy stands in a plan.</summary>
public enum PolicyStatus
{
    /// <summary>Nothing breaks it, apart from what the settings except.</summary>
    Holds,

    /// <summary>The settings switch it off; what breaks it is still known.</summary>
    Off,

    /// <summary>The plan is refused.</summary>
    Violated,
}
