using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>A node with its pods: a view into one <see cref="ClusterState"/>. Only the state changes it.</summary>
public sealed class NodeState
{
    private readonly ClusterState _state;
    private Pod[] _pods;
    private object? _owner;

    internal NodeState(ClusterState state, Node node, int index)
    {
        _state = state;
        _pods = [];
        Node = node;
        Index = index;
        Taints = node.Taints;
        IsUnschedulable = node.IsUnschedulable;
    }

    /// <summary>The same node in another state; the pods are shared until one of the two changes.</summary>
    internal NodeState(ClusterState state, NodeState source)
    {
        _state = state;
        _pods = source._pods;
        Node = source.Node;
        Index = source.Index;
        PodCount = source.PodCount;
        Taints = source.Taints;
        IsUnschedulable = source.IsUnschedulable;
    }

    public Node Node { get; internal set; }

    /// <summary>Stays the same in clones.</summary>
    public int Index { get; }

    public Resources Requested => Node.Allocatable - Free;

    public Resources Free
    {
        get
        {
            ref readonly var row = ref _state.RowOf(Index);
            return new Resources(row.FreeCpu, row.FreeMemory, row.FreeEphemeral);
        }
    }

    public int PodCount { get; private set; }

    /// <summary>EBS volumes that are attached for pods.</summary>
    public int VolumeCount => (Node.MaxEbsVolumes ?? NodeRow.NoLimit) - _state.RowOf(Index).FreeVolumes;

    /// <summary>In order of binding. A snapshot that does not change later.</summary>
    public IReadOnlyList<Pod> Pods
    {
        get
        {
            _owner = null;
            return new ArraySegment<Pod>(_pods, 0, PodCount);
        }
    }

    public bool IsUnschedulable { get; internal set; }

    public ImmutableArray<Taint> Taints { get; internal set; }

    internal bool IsOf(ClusterState state) => ReferenceEquals(_state, state);

    internal ReadOnlySpan<Pod> PodsNow => _pods.AsSpan(0, PodCount);

    /// <param name="owner">The owner that may write into the array of pods; others copy it.</param>
    internal void Add(Pod pod, object owner)
    {
        if (_owner != owner || PodCount == _pods.Length)
            Copy(PodCount == _pods.Length ? Math.Max(4, PodCount * 2) : _pods.Length, owner);
        _pods[PodCount++] = pod;
    }

    internal void Drop(Pod pod, object owner)
    {
        if (_owner != owner)
            Copy(_pods.Length, owner);
        var at = Array.IndexOf(_pods, pod, 0, PodCount);
        Array.Copy(_pods, at + 1, _pods, at, --PodCount - at);
        _pods[PodCount] = null!;
    }

    public override string ToString() => Node.Name;

    private void Copy(int length, object owner)
    {
        var copy = new Pod[length];
        Array.Copy(_pods, copy, PodCount);
        (_pods, _owner) = (copy, owner);
    }
}
