namespace HaCluster.Simulation.Scheduling;

/// <summary>The numbers of a node that filters and scores read for each pod, side by side in memory.</summary>
internal struct NodeRow
{
    public long Cpu;
    public long Memory;
    public long FreeCpu;
    public long FreeMemory;
    public long FreeEphemeral;

    /// <summary>Requested, with defaults for pods that ask for nothing: for scoring.</summary>
    public long NonZeroCpu;
    public long NonZeroMemory;
    public int FreePods;
    public int FreeVolumes;

    /// <summary>Pods with ports of the node itself.</summary>
    public int HostPortPods;
}
