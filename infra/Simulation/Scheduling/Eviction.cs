using System.Collections.Immutable;

namespace HaCluster.Simulation.Scheduling;

/// <summary>The pods to preempt for another pod, and the node that it is then nominated for.</summary>
/// <param name="Victims">Highest priority first.</param>
/// <param name="BudgetViolations">Victims that a disruption budget would protect from an eviction.</param>
public sealed record Eviction(NodeState Node, ImmutableArray<Pod> Victims, int BudgetViolations);
