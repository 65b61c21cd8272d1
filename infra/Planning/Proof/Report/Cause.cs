namespace HaCluster.Planning.Proof.Report;

/// <summary>The cause of a violation. One subject with one cause is one violation, in however many scenarios it occurs.</summary>
public enum Cause
{
    /// <summary>Replicas do not run even without a failure; all other violations of the workload follow from it.</summary>
    NotRunning,

    /// <summary>Too few replicas to lose one and keep the objective.</summary>
    TooFewReplicas,

    /// <summary>The required rules let one zone or node hold more replicas than may be lost.</summary>
    NotKeptApart,

    /// <summary>Only a preferred rule keeps replicas apart, and a simulated start broke it.</summary>
    PreferredOnly,

    /// <summary>A spread rule counts old pods during an update, so that the update may leave replicas less evenly spread.</summary>
    CountsOldPods,

    /// <summary>An update starts new pods while old pods hold a volume that only one node can use.</summary>
    VolumeInUse,

    /// <summary>Two failures remove all replicas.</summary>
    AllInTwo,

    /// <summary>A pool has too little room without new instances.</summary>
    Room,

    /// <summary>There is room, but a spread rule forbids using it.</summary>
    SpreadRule,

    /// <summary>Pods wait for a volume or because of their own rules.</summary>
    Waiting,

    /// <summary>Pods of a higher priority preempt its replicas.</summary>
    Preempted,

    /// <summary>It falls below its objective during planned work or a recovery.</summary>
    Disrupted,

    /// <summary>Recovery takes longer than the objective.</summary>
    Slow,

    /// <summary>It does not come back.</summary>
    NeverBack,

    /// <summary>Its pods may terminate more slowly than a drain waits.</summary>
    GracePeriod,

    /// <summary>A budget forbids every eviction.</summary>
    BudgetBlocks,

    /// <summary>More than one budget covers a pod.</summary>
    SeveralBudgets,

    /// <summary>No budget covers it.</summary>
    NoBudget,

    /// <summary>A budget allows more evictions at once than the objective can spare.</summary>
    WideBudget,

    /// <summary>Planned work does not complete, for another reason.</summary>
    DoesNotEnd,

    /// <summary>The quota has no room for an update's pods.</summary>
    QuotaTooSmall,

    /// <summary>A container has no limit.</summary>
    NoLimit,

    /// <summary>No quota bounds the namespace.</summary>
    NoQuota,

    /// <summary>No majority is left.</summary>
    NoMajority,

    /// <summary>All instances are in one zone, or there is one only.</summary>
    OneZone,

    /// <summary>Inbound or outbound traffic has no path.</summary>
    NoRoute,
}
