namespace HaCluster;

/// <summary>What a month of a stack costs, from <c>ha cost</c>, in USD without tax.</summary>
/// <param name="Monthly">With every group at its desired size.</param>
/// <param name="MonthlyAtMost">With every group at its largest.</param>
/// <param name="Assumed">The part of <paramref name="Monthly"/> that rests on assumptions.</param>
/// <param name="Redundancy">What each protection costs.</param>
/// <param name="Unpriced">Counted nowhere, because no price is known.</param>
/// <param name="Difference">Compared with another stack; null without one.</param>
public sealed record StackCost(
    string Stack,
    string Region,
    string Currency,
    decimal Monthly,
    decimal MonthlyAtMost,
    decimal Assumed,
    IReadOnlyList<CostItem> Components,
    IReadOnlyList<CostItem> Redundancy,
    IReadOnlyList<string> Unpriced,
    CostComparison? Difference);

public sealed record CostItem(string Name, decimal Monthly, decimal MonthlyAtMost);

/// <param name="Against">The other stack.</param>
/// <param name="Monthly">This stack less the other.</param>
public sealed record CostComparison(string Against, decimal Monthly, decimal MonthlyAtMost, IReadOnlyList<CostItem> Components);
