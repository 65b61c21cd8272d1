namespace HaCluster.Simulation.Running;

/// <summary>Why a replica is missing.</summary>
public enum WaitCause
{
    /// <summary>No node can take it.</summary>
    Node,

    /// <summary>A quota of its namespace is exhausted, so the pod does not exist.</summary>
    Quota,

    /// <summary>Its volume is still held by another node.</summary>
    Volume,

    /// <summary>Its predecessor of the same name still exists on a dead node, so the pod does not exist.</summary>
    Predecessor,

    /// <summary>A lower ordinal of its StatefulSet is not ready, so the pod does not exist.</summary>
    Order,

    /// <summary>It has no controller and is not recreated.</summary>
    Nothing,

    /// <summary>It is scheduled and starting, or its node is dead and not detected yet.</summary>
    Start,
}
