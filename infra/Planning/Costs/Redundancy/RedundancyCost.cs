using HaCluster.Planning.Costs.Estimates;

namespace HaCluster.Planning.Costs.Redundancy;

/// <summary>What one protection costs.</summary>
/// <param name="Method">How the amount was found, in one line.</param>
/// <param name="IsPresent">False for what the plan does without, and would cost in addition.</param>
public sealed record RedundancyCost(string What, CostRange Monthly, string Method, bool IsPresent = true);
