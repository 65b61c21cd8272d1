namespace HaCluster.Simulation.Running;

/// <summary>What a replica that is not there waits for.</summary>
public enum WaitCause
{
    /// <summary>No node can take it.</summary>
    Node,

    /// <summary>A quota of its namespace has no room: the pod does not exist.</summary>
    Quota,

    /// <summary>Its volume is still held by another node.</summary>
    Volume,

    /// <summary>Its predecessor of the same name still exists, on a node that cannot end it: the pod does not exist.</summary>
    Predecessor,

    /// <summary>A lower ordinal of its StatefulSet is not ready: the pod does not exist.</summary>
    Order,

    /// <summary>Nothing makes it again: a bare pod.</summary>
    Nothing,

    /// <summary>It is placed and starting, or its node is dead and nobody has noticed yet.</summary>
    Start,
}
