namespace HaCluster.Planning.Costs.Differences;

public enum LineChange
{
    Added,
    Removed,

    /// <summary>Another number of it, or another price.</summary>
    Changed,
}
