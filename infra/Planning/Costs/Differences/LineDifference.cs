using HaCluster.Planning.Costs.Estimates;

namespace HaCluster.Planning.Costs.Differences;

/// <summary>Something that costs differently in two plans.</summary>
/// <param name="CountBefore">How many of it; null where it is not there.</param>
/// <param name="CountAfter">How many of it; null where it is not there.</param>
/// <param name="Monthly">After less before, in USD a month.</param>
public sealed record LineDifference(string Component, string What, CostRange? CountBefore, CostRange? CountAfter, CostRange Monthly)
{
    public LineChange Change => (CountBefore, CountAfter) switch
    {
        (null, _) => LineChange.Added,
        (_, null) => LineChange.Removed,
        _ => LineChange.Changed,
    };
}

public enum LineChange
{
    Added,
    Removed,

    /// <summary>Another number of it, or another price.</summary>
    Changed,
}
