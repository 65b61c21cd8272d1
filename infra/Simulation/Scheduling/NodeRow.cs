namespace HaCluster.Simulation.Scheduling;

/// <summary>The numbers of a node that filters and scores read for each pod, side by side in memory.</summary>
internal struct NodeRow
{
    public const int NoLimit = int.MaxValue / 2;

    public long Cpu;
    public long Memory;
    public long FreeCpu;
    public long FreeMemory;
    public long FreeEphemeral;

    /// <summary>Requested, with defaults for pods that ask for nothing: for scoring.</summary>
    public long NonZeroCpu;
    public long NonZeroMemory;
    public int FreePods;

    /// <summary>Further EBS volumes that can be attached; near <see cref="NoLimit"/> where there is no limit.</summary>
    public int FreeVolumes;

    /// <summary>Pods with host ports.</summary>
    public int HostPortPods;

    /// <summary>Number of its zone: <see cref="Counting.Catalog.ZoneOf"/>.</summary>
    public int Zone;
}
