namespace HaCluster.Planning.Proof.Report;

/// <summary>What lies behind a violation. One subject with one cause is one violation, in however many scenarios it shows.</summary>
public enum Cause
{
    /// <summary>Replicas do not run even when nothing has failed; whatever else befalls the workload follows from it.</summary>
    NotRunning,

    /// <summary>Too few replicas to lose one and keep the objective.</summary>
    TooFewReplicas,

    /// <summary>The required rules let one zone or node hold more replicas than may be lost.</summary>
    NotKeptApart,

    /// <summary>Only a preferred rule keeps replicas apart, and a simulated start broke it.</summary>
    PreferredOnly,

    /// <summary>A spread rule counts the pods that an update is about to end, so that an update may leave replicas less far apart.</summary>
    CountsOldPods,

    /// <summary>An update starts pods before those end that hold a volume for one node at a time.</summary>
    VolumeInUse,

    /// <summary>Two failures take all replicas.</summary>
    AllInTwo,

    /// <summary>A pool has too little room without new instances.</summary>
    Room,

    /// <summary>There is room, and a spread rule keeps the pods from it.</summary>
    SpreadRule,

    /// <summary>Pods wait for a volume or by a rule of their own.</summary>
    Waiting,

    /// <summary>Pods of a higher priority take the place of its replicas.</summary>
    Preempted,

    /// <summary>It falls below its objective in planned work or a recovery.</summary>
    Disrupted,

    /// <summary>Recovery takes longer than the objective.</summary>
    Slow,

    /// <summary>It does not come back.</summary>
    NeverBack,

    /// <summary>Its pods may take longer to end than a drain waits.</summary>
    GracePeriod,

    /// <summary>A budget forbids every eviction.</summary>
    BudgetBlocks,

    /// <summary>More than one budget covers a pod.</summary>
    SeveralBudgets,

    /// <summary>No budget covers it.</summary>
    NoBudget,

    /// <summary>A budget lets more replicas go at once than the objective can spare.</summary>
    WideBudget,

    /// <summary>Planned work does not end, for another reason.</summary>
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

    /// <summary>A way in or out is lost.</summary>
    NoRoute,
}
