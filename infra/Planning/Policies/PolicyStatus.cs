namespace HaCluster.Planning.Policies;

/// <summary>The status of a policy in a plan.</summary>
public enum PolicyStatus
{
    /// <summary>Everything was inspected, without violations other than exempted ones.</summary>
    Holds,

    /// <summary>No violations were found, but something could not be inspected. The plan is not refused.</summary>
    Incomplete,

    /// <summary>The settings switch it off; violations are still reported.</summary>
    Off,

    /// <summary>The plan is refused.</summary>
    Violated,
}
