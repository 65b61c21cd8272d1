using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Repairs;

/// <summary>A change that might mend a violation, and the cluster with it.</summary>
internal sealed record Candidate(Repair Repair, ClusterModel Model);
