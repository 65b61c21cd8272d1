using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Running.State;

/// <summary>The state of a disrupted node. Healthy nodes have none.</summary>
internal sealed record NodeRun(Node Node, TimeSpan FailedAt, LostInstances Instance)
{
    /// <summary>The control plane has detected the failure.</summary>
    public bool IsMarked { get; init; }

    /// <summary>Its pods are being evicted.</summary>
    public bool IsTainted { get; init; }

    public bool IsOutOfService { get; init; }

    /// <summary>The node object is deleted.</summary>
    public bool IsGone { get; init; }
}
