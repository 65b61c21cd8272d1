namespace HaCluster.Simulation.Running;

/// <summary>The state of the instances of nodes that stop responding.</summary>
public enum LostInstances
{
    /// <summary>EC2 reports them as terminated: the node objects and their pods are deleted.</summary>
    Terminated,

    /// <summary>
    /// EC2 still reports them as running or impaired: their pods end only when someone terminates the instance or taints the node out of service.
    /// </summary>
    Unreachable,

    /// <summary>EC2 reports them as stopped: an Auto Scaling group terminates them soon, others can be started again.</summary>
    Stopped,
}
