namespace HaCluster.Simulation.Scenarios;

/// <summary>Kinds of things that go wrong, or are done on purpose. Each is tried exhaustively.</summary>
public enum ScenarioClass
{
    /// <summary>Nothing happens: everything that is declared runs.</summary>
    SteadyState,

    /// <summary>An availability zone with everything in it.</summary>
    ZoneLost,

    /// <summary>One machine.</summary>
    NodeLost,

    /// <summary>Any two machines at once.</summary>
    NodePairLost,

    /// <summary>A zone, and a machine of another zone before it is back.</summary>
    ZoneAndNodeLost,

    /// <summary>All machines of a node group at once: a bad image, a spot reclaim.</summary>
    GroupLost,

    /// <summary>The way to the internet of a zone.</summary>
    NatLost,

    /// <summary>The instance of a database that takes writes.</summary>
    WriterLost,

    /// <summary>A dedicated master of OpenSearch.</summary>
    MasterLost,

    /// <summary>One replica of a workload with volumes, its node standing.</summary>
    ReplicaLost,

    /// <summary>Every pod of a node evicted under the disruption budgets.</summary>
    NodeDrained,

    /// <summary>All machines of a node group replaced one after the other, as EKS does it.</summary>
    GroupUpdated,

    /// <summary>A new version of a workload rolled out within its quota.</summary>
    WorkloadUpdated,

    /// <summary>A new version of a workload rolled out to its end, and a zone lost afterwards: a release must leave replicas as far apart as they were.</summary>
    UpdatedThenZoneLost,

    /// <summary>A pod that takes memory without end.</summary>
    MemoryLeaked,

    /// <summary>A pod that fills the disk it is given.</summary>
    DiskFilled,
}
