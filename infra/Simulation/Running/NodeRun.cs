using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Running;

/// <summary>A node that something has happened to. Nodes that are well have none.</summary>
internal sealed record NodeRun(Node Node, TimeSpan FailedAt, LostInstances Instance)
{
    /// <summary>The control plane knows.</summary>
    public bool IsMarked { get; init; }

    /// <summary>Its pods are told to leave.</summary>
    public bool IsTainted { get; init; }

    public bool IsOutOfService { get; init; }

    /// <summary>The node object is deleted.</summary>
    public bool IsGone { get; init; }
}
