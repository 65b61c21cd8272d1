namespace HaCluster.Simulation.Running;

internal enum PodPhase
{
    /// <summary>No node yet.</summary>
    Waiting,

    /// <summary>On a node; its volume is not attached yet.</summary>
    Attaching,

    /// <summary>On a node and not ready.</summary>
    Starting,

    Running,
}
