using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>A node with what runs on it: a view into one <see cref="ClusterState"/>.</summary>
public sealed class NodeState
{
    private readonly List<Pod> _pods = [];

    internal NodeState(Node node, int index)
    {
        Node = node;
        Index = index;
        Taints = node.Taints;
        IsUnschedulable = node.IsUnschedulable;
    }

    public Node Node { get; }

    /// <summary>Stays the same in clones.</summary>
    public int Index { get; }

    public Resources Requested { get; private set; }

    public Resources Free => Node.Allocatable - Requested;

    public int PodCount => _pods.Count;

    public int VolumeCount { get; private set; }

    public IReadOnlyList<Pod> Pods => [.. _pods];

    public bool IsUnschedulable { get; internal set; }

    public ImmutableArray<Taint> Taints { get; internal set; }

    internal void Add(Pod pod)
    {
        _pods.Add(pod);
        Requested += pod.Spec.Requests;
        VolumeCount += pod.Spec.Volumes.Length;
    }

    internal void Drop(Pod pod)
    {
        _pods.Remove(pod);
        Requested -= pod.Spec.Requests;
        VolumeCount -= pod.Spec.Volumes.Length;
    }

    public override string ToString() => Node.Name;
}
