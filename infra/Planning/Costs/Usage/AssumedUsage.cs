using HaCluster.Planning.Costs.Estimates;

namespace HaCluster.Planning.Costs.Usage;

/// <summary>An amount that an estimate assumed, and what it adds to the sum.</summary>
public sealed record AssumedUsage(UsageAmount Of, decimal Amount, CostRange Monthly);
