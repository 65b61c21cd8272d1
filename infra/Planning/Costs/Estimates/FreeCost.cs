namespace HaCluster.Planning.Costs.Estimates;

/// <summary>Resources of a type that AWS asks nothing for.</summary>
/// <param name="Type">The type token.</param>
/// <param name="Reason">Why they are free, or where what they cause is counted.</param>
public sealed record FreeCost(string Type, int Count, string Reason);
