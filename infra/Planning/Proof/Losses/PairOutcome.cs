using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Planning.Proof.Losses;

/// <summary>What the loss of two machines comes to.</summary>
/// <param name="Displaced">Replicas lost by workload, of workloads that have some on both or all on one.</param>
/// <param name="Stuck">Pods that wait for a new instance.</param>
internal sealed record PairOutcome(NodeState First, NodeState Second, IReadOnlyList<KeyValuePair<Workload, int>> Displaced, int Stuck);
