using System.Collections.Immutable;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Counting;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// The placement of all pods. Not thread-safe, but independent of its clones, which may be used in parallel. Everything that filters and scores need
/// is
/// counted incrementally (<c>ClusterState_Counting.cs</c>), so that scheduling a pod costs the same in an empty and in a full
/// one.
/// </summary>
public sealed partial class ClusterState
{
    private readonly List<NodeState> _nodes = [];
    private readonly Placements _placements;
    private Dictionary<string, int> _indexes;
    private NodeState?[] _byIndex;
    private NodeRow[] _rows;
    private int _nextIndex;
    private long _bindings;

    /// <summary>
    /// Marks the parts that this state may write to; all others are shared with a clone and copied before. A clone gets a new mark, and so
    /// does its source.
    /// </summary>
    private object _owner = new();

    /// <param name="storage">Existing volumes and claims; null for none, so that every claim gets a new volume.</param>
    public ClusterState(IEnumerable<Node> nodes, ClusterStorage? storage = null)
    {
        Catalog = new Catalog(storage is null ? StorageIndex.Empty : new StorageIndex(storage));
        Storage = Catalog.Storage;
        _placements = new Placements();
        _volumes = new VolumeUse(_owner, Storage);
        _indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        _indexesOwner = _owner;
        _byIndex = new NodeState?[16];
        _rows = new NodeRow[16];
        foreach (var node in nodes)
            Add(node);
    }

    /// <summary>Those present, in order of addition.</summary>
    public IReadOnlyList<NodeState> Nodes => _nodes;

    internal Catalog Catalog { get; }

    public NodeState? Find(string nodeName) => _indexes.TryGetValue(nodeName, out var index) ? _byIndex[index] : null;

    /// <exception cref="ArgumentException">A node of this name already exists.</exception>
    public NodeState Add(Node node)
    {
        if (_indexes.ContainsKey(node.Name))
            throw new ArgumentException($"node {node.Name} already exists; node names are unique", nameof(node));
        var added = new NodeState(this, node, _nextIndex++);
        if (added.Index == _rows.Length)
        {
            Array.Resize(ref _rows, _rows.Length * 2);
            Array.Resize(ref _byIndex, _rows.Length);
        }

        _rows[added.Index] = new NodeRow
        {
            Cpu = node.Allocatable.MilliCpu,
            Memory = node.Allocatable.MemoryBytes,
            FreeCpu = node.Allocatable.MilliCpu,
            FreeMemory = node.Allocatable.MemoryBytes,
            FreeEphemeral = node.Allocatable.EphemeralBytes,
            FreePods = node.MaxPods,
            FreeVolumes = node.MaxEbsVolumes ?? NodeRow.NoLimit,
            Zone = Catalog.ZoneOf(node),
        };
        _nodes.Add(added);
        _byIndex[added.Index] = added;
        OwnIndexes().Add(node.Name, added.Index);
        OnNodeAdded(added);
        AttachExisting(added);
        return added;
    }

    /// <summary>Removes the node; its pods become unbound and are returned in order of binding.</summary>
    public ImmutableArray<Pod> Remove(NodeState node)
    {
        var pods = Own(node).PodsNow.ToImmutableArray();
        foreach (var pod in pods)
            Unbind(pod);
        OnNodeRemoved(node);
        _nodes.Remove(node);
        _byIndex[node.Index] = null;
        OwnIndexes().Remove(node.Node.Name);
        return pods;
    }

    public void Cordon(NodeState node, bool isCordoned) => Reclassify(Own(node), () => node.IsUnschedulable = isCordoned);

    /// <summary>A taint of the same key and effect is replaced, as kubectl does.</summary>
    public void Taint(NodeState node, Taint taint) => Reclassify(
        Own(node), () => node.Taints = node.Taints.RemoveAll(one => one.Key == taint.Key && one.Effect == taint.Effect).Add(taint));

    public void Untaint(NodeState node, string key) =>
        Reclassify(Own(node), () => node.Taints = node.Taints.RemoveAll(taint => taint.Key == key));

    /// <summary>Gives the node other labels and taints. Its name, zone and resources stay.</summary>
    /// <param name="taints">All of them, including those of the controllers.</param>
    public void Redeclare(NodeState node, ImmutableSortedDictionary<string, string> labels, ImmutableArray<Taint> taints)
    {
        Own(node);
        CountDomains(node, -1);
        Classify(node, isPresent: false);
        _softlyTainted -= HasSoftTaint(node) ? 1 : 0;
        (node.Node, node.Taints) = (node.Node with { Labels = labels }, taints);
        foreach (ref var topology in _topologies.AsSpan())
        {
            if (topology is not null)
                Own(ref topology!).Add(node);
        }

        _softlyTainted += HasSoftTaint(node) ? 1 : 0;
        Classify(node, isPresent: true);
        CountDomains(node, 1);
    }

    /// <summary>Binds the pod to the node without asking the scheduler. Claims without a volume get one there.</summary>
    /// <exception cref="InvalidOperationException">It is already bound to a node.</exception>
    public void Bind(Pod pod, NodeState node)
    {
        var template = Catalog.TemplateOf(pod);
        if (_placements.TryGet(pod, out _))
            throw new InvalidOperationException($"pod {pod} is already bound to node {NodeOf(pod)}; unbind it first");
        _placements.Set(pod, new Placement(Own(node).Index, _bindings++, template));
        node.Add(pod, _owner);
        Count(template, node, 1);
        if (pod.Spec.Volumes.IsEmpty)
            return;
        BindVolumes(pod, template, node);
        CountVolumes(pod, template, node.Index, 1);
    }

    /// <summary>
    /// Unbinds the pod; its claims keep their volumes, except ephemeral ones. Does nothing when it is not bound.
    /// </summary>
    public void Unbind(Pod pod)
    {
        if (!_placements.TryGet(pod, out var placement))
            return;
        _placements.Set(pod, null);
        var node = _byIndex[placement.Node]!;
        node.Drop(pod, _owner);
        Count(placement.Template, node, -1, placement.IsEnding);
        if (!pod.Spec.Volumes.IsEmpty)
            CountVolumes(pod, placement.Template, placement.Node, -1);
    }

    /// <summary>
    /// Marks a bound pod as terminating. Until it is unbound it keeps its resources and counts for affinity, but no longer for spread
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/podtopologyspread/common.go, <c>countPodsMatchSelector</c>).
    /// </summary>
    public void End(Pod pod)
    {
        if (!_placements.TryGet(pod, out var placement) || placement.IsEnding)
            return;
        foreach (var counter in placement.Template.Group.CountedBy)
        {
            if (counter.IsOfSpread)
                Add(counter, placement.Node, -1);
        }

        _placements.Set(pod, placement with { IsEnding = true });
    }

    /// <summary>Null when it is not bound.</summary>
    public NodeState? NodeOf(Pod pod) => _placements.TryGet(pod, out var placement) ? _byIndex[placement.Node] : null;

    /// <summary>Increases with every binding: a smaller number means an older binding.</summary>
    internal long BindingOf(Pod pod) => PlacementOf(pod).Binding;

    internal IEnumerable<Pod> BoundPods => _placements.All.Select(placed => placed.Key);

    /// <summary>By index of the node.</summary>
    internal ReadOnlySpan<NodeRow> Rows => _rows;

    internal ref readonly NodeRow RowOf(int node) => ref _rows[node];

    internal NodeState NodeAt(int index) => _byIndex[index]!;

    private Placement PlacementOf(Pod pod) => _placements.TryGet(pod, out var placement)
        ? placement
        : throw new ArgumentException($"pod {pod} is not bound", nameof(pod));

    private NodeState Own(NodeState node) => node.IsOf(this) && ReferenceEquals(_byIndex[node.Index], node)
        ? node
        : throw new ArgumentException($"node {node} belongs to another cluster state; look it up by name", nameof(node));
}
