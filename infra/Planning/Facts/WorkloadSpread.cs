namespace HaCluster.Planning.Facts;

/// <summary>How the replicas of a workload keep apart.</summary>
public enum WorkloadSpread
{
    /// <summary>Nothing is said about zones.</summary>
    None,

    /// <summary>What a chart brings decides; its values say how.</summary>
    Inside,

    /// <summary>Over zones as well as the moment allows.</summary>
    Preferred,

    /// <summary>Over zones, or not at all.</summary>
    Required,
}
