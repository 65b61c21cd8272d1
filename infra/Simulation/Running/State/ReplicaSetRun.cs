using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Running.State;

/// <summary>An earlier ReplicaSet of a Deployment.</summary>
/// <param name="Template">With the label of the revision.</param>
/// <param name="Pods">The declared pods that it was made from: an update back to the same object reuses the ReplicaSet.</param>
/// <param name="Target">Replicas that it is to have.</param>
internal sealed record ReplicaSetRun(int Revision, PodSpec Template, PodSpec Pods, int Target)
{
    /// <summary><c>revisionHistoryLimit</c>: ReplicaSets without replicas that are kept for a rollback.</summary>
    public const int Kept = 10;
}
