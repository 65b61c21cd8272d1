namespace HaCluster.Planning.Costs.Estimates;

/// <summary>Something of the plan that costs money, or may, and is in no sum.</summary>
/// <param name="Reason">What is not known, and what to do.</param>
public sealed record UnpricedCost(string Component, string What, string Reason);
