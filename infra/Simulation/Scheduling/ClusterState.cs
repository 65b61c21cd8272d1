using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling;

/// <summary>Who runs where. Not thread-safe, but independent of its clones.</summary>
public sealed class ClusterState
{
    private readonly List<NodeState> _nodes = [];
    private readonly Dictionary<Pod, NodeState> _placements = [];
    private readonly Dictionary<(string Namespace, string Pod, string Claim), string> _volumeZones = [];
    private int _nextIndex;

    public ClusterState(IEnumerable<Node> nodes)
    {
        foreach (var node in nodes)
            Add(node);
    }

    public IReadOnlyList<NodeState> Nodes => _nodes;

    public NodeState? Find(string nodeName) => _nodes.Find(node => node.Node.Name == nodeName);

    public NodeState Add(Node node)
    {
        var added = new NodeState(node, _nextIndex++);
        _nodes.Add(added);
        return added;
    }

    public ImmutableArray<Pod> Remove(NodeState node)
    {
        var pods = node.Pods.ToImmutableArray();
        foreach (var pod in pods)
            Unbind(pod);
        _nodes.Remove(node);
        return pods;
    }

    public void Cordon(NodeState node, bool isCordoned) => Own(node).IsUnschedulable = isCordoned;

    public void Taint(NodeState node, Taint taint)
    {
        if (!Own(node).Taints.Contains(taint))
            node.Taints = node.Taints.Add(taint);
    }

    public void Untaint(NodeState node, string key) => Own(node).Taints = node.Taints.RemoveAll(taint => taint.Key == key);

    public void Bind(Pod pod, NodeState node)
    {
        _placements.Add(pod, node);
        node.Add(pod);
        foreach (var claim in pod.Spec.Volumes)
            _volumeZones.TryAdd((pod.Namespace, pod.Name, claim.Name), node.Node.Zone);
    }

    public void Unbind(Pod pod)
    {
        if (_placements.Remove(pod, out var node))
            node.Drop(pod);
    }

    public NodeState? NodeOf(Pod pod) => _placements.GetValueOrDefault(pod);

    public string? VolumeZoneOf(Pod pod)
    {
        foreach (var claim in pod.Spec.Volumes)
        {
            if (_volumeZones.TryGetValue((pod.Namespace, pod.Name, claim.Name), out var zone))
                return zone;
        }

        return null;
    }

    public void ForgetVolumes(Pod pod)
    {
        foreach (var claim in pod.Spec.Volumes)
            _volumeZones.Remove((pod.Namespace, pod.Name, claim.Name));
    }

    private NodeState Own(NodeState node) => _nodes.Contains(node)
        ? node
        : throw new ArgumentException($"{node} is not in this cluster state; find it by name in the state that is to change", nameof(node));

    public ClusterState Clone()
    {
        var clone = new ClusterState([]) { _nextIndex = _nextIndex };
        foreach (var node in _nodes)
        {
            var copy = new NodeState(node.Node, node.Index) { IsUnschedulable = node.IsUnschedulable, Taints = node.Taints };
            clone._nodes.Add(copy);
            foreach (var pod in node.Pods)
            {
                clone._placements.Add(pod, copy);
                copy.Add(pod);
            }
        }

        foreach (var (claim, zone) in _volumeZones)
            clone._volumeZones[claim] = zone;
        return clone;
    }
}
