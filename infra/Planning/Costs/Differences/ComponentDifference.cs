using HaCluster.Planning.Costs.Estimates;

namespace HaCluster.Planning.Costs.Differences;

/// <summary>A component in two plans; zero where it is not there.</summary>
public sealed record ComponentDifference(string Name, CostRange Before, CostRange After)
{
    public CostRange Monthly => After - Before;
}
