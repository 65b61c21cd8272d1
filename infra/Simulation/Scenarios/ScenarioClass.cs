namespace HaCluster.Simulation.Scenarios;

/// <summary>Classes of failures and planned operations. Each is tried exhaustively.</summary>
public enum ScenarioClass
{
    /// <summary>No disruption: every declared replica runs.</summary>
    SteadyState,

    /// <summary>An availability zone with everything in it.</summary>
    ZoneLost,

    /// <summary>One node.</summary>
    NodeLost,

    /// <summary>Any two nodes at once.</summary>
    NodePairLost,

    /// <summary>A zone, and a node of another zone before the first has recovered.</summary>
    ZoneAndNodeLost,

    /// <summary>All nodes of a node group at once: a bad image, a spot reclaim.</summary>
    GroupLost,

    /// <summary>The NAT gateway of a zone.</summary>
    NatLost,

    /// <summary>The writer instance of a database.</summary>
    WriterLost,

    /// <summary>A dedicated master of OpenSearch.</summary>
    MasterLost,

    /// <summary>One replica of a workload with volumes, on a healthy node.</summary>
    ReplicaLost,

    /// <summary>Every pod of a node evicted under the disruption budgets.</summary>
    NodeDrained,

    /// <summary>All nodes of a node group replaced one after the other, as EKS does.</summary>
    GroupUpdated,

    /// <summary>A new version of a workload rolled out within its quota.</summary>
    WorkloadUpdated,

    /// <summary>
    /// A new version of a workload rolled out to its end, and a zone lost afterwards: a release must leave replicas as evenly spread as before.
    /// </summary>
    UpdatedThenZoneLost,

    /// <summary>A pod that leaks memory.</summary>
    MemoryLeaked,

    /// <summary>A pod that fills its disk.</summary>
    DiskFilled,
}
