using System.Collections.Immutable;

namespace HaCluster.Simulation.Scheduling;

/// <summary>Pods that must go so that another one finds room, and the node it is then nominated for.</summary>
/// <param name="Victims">The most important first.</param>
/// <param name="BudgetViolations">Victims that a disruption budget would protect from an eviction.</param>
public sealed record Eviction(NodeState Node, ImmutableArray<Pod> Victims, int BudgetViolations);
