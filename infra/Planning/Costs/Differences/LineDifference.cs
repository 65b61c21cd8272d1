using HaCluster.Planning.Costs.Estimates;

namespace HaCluster.Planning.Costs.Differences;

/// <summary>An item whose cost differs between two plans.</summary>
/// <param name="CountBefore">Its count; null where the plan does not have it.</param>
/// <param name="CountAfter">Its count; null where the plan does not have it.</param>
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

    /// <summary>Its count or its price changed.</summary>
    Changed,
}
