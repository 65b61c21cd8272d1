namespace HaCluster.Simulation.Running;

/// <summary>What becomes of the instances behind nodes that stop answering.</summary>
public enum LostInstances
{
    /// <summary>EC2 says they are terminated: the node objects are deleted, and their pods with them.</summary>
    Terminated,

    /// <summary>EC2 still has them, running or impaired: pods on them end only when someone ends the instance or taints the node out of service.</summary>
    Unreachable,
}
