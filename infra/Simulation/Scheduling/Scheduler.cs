using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using HaCluster.Simulation.Scheduling.Counting;
using HaCluster.Simulation.Scheduling.Filtering;
using HaCluster.Simulation.Scheduling.Scoring;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// Decides as kube-scheduler 1.36 does with its default profile: the filters in <c>Filtering/</c>, the scores in <c>Scoring/</c>, the
/// order of nodes, the number
/// of nodes looked at. The same options, cluster and pod give the same answer. An instance reuses buffers and is not thread-safe; it
/// keeps no state between pods, so that one instance can serve many clusters in turn.
/// <para>It differs from kube-scheduler on purpose in these points:</para>
/// <list type="bullet">
/// <item>ImageLocality is not scored: the images of a node are not known.</item>
/// <item>Nodes are checked one after the other. kube-scheduler checks 16 in parallel and may see a few more than needed; its ties
/// are broken at random, too.</item>
/// <item>Pods are placed in the order in which they are given; <see cref="PodQueue"/> orders them by priority and arrival. There is no
/// back-off; callers must not pass pods with scheduling gates.</item>
/// <item>Pods are decided on one by one without nominations: <see cref="NominatedRoom"/> keeps the room of nominated pods for the queues.</item>
/// <item>Dynamic resource allocation, extenders, several profiles, pod groups and opportunistic batching do not exist.</item>
/// <item>Storage capacity (<c>CSIStorageCapacity</c>) is not known. A volume that its driver cannot make keeps the pod waiting at once, not after the ten minutes
/// that kube-scheduler waits for it. In-tree EBS volumes count as those of the CSI driver whatever the node's CSINode says of migration.</item>
/// <item>Hosts are told apart by the label kubernetes.io/hostname everywhere; kube-scheduler counts by node when it scores.</item>
/// <item>A cordoned node counts as tainted at once for <c>nodeTaintsPolicy</c>; in a cluster the node lifecycle controller adds that
/// taint.</item>
/// <item>Namespaces have no labels: a <c>namespaceSelector</c> is either empty (all namespaces) or was resolved to names by the reader of
/// the model. In kube-scheduler 1.34 to 1.36 one that asks for the absence of a label matches all namespaces
/// (<c>mergeAffinityTermNamespacesIfNotEmpty</c> changes a copy); here it does not.</item>
/// <item>Requests of the pod as a whole count when nodes are scored by what is allocated; NodeResourcesFit of 1.34 to 1.36 forgets them
/// there.</item>
/// </list>
/// </summary>
public sealed class Scheduler
{
    private const string NotNamed = "node(s) didn't satisfy plugin(s) [NodeAffinity]";

    /// <summary>
    /// Filters that <see cref="NodeCondition"/> evaluates in advance; they run one by one only for explanations. In the order of kube-scheduler, as are
    /// the others.
    /// </summary>
    private readonly INodeFilter[] _admission = [new NodeUnschedulable(), new NodeName(), new TaintToleration(), new NodeAffinity()];

    private readonly INodeFilter[] _filters;

    private readonly INodeScore[] _scores =
    [
        new LeastAllocated(), new BalancedAllocation(), new SoftTaints(), new PreferredNodeAffinity(), new PreferredSpread(),
        new PreferredPodAffinity(),
    ];

    private readonly INodeFilter[] _active;
    private readonly PodClaims _claims = new();
    private readonly Scratch<int> _feasible = new();
    private readonly Scratch<int> _named = new();
    private readonly Scratch<long> _totals = new();
    private int _activeCount;

    public Scheduler(SchedulerOptions options)
    {
        Options = options;
        _filters =
        [
            new NodePorts(), new NodeResourcesFit(), new VolumeRestrictions(), new NodeVolumeLimits(), new VolumeBinding(_claims), new VolumeZone(_claims),
            new PodTopologySpread(), new InterPodAffinity(),
        ];
        _active = new INodeFilter[_filters.Length];
    }

    internal SchedulerOptions Options { get; }

    /// <summary>Returns where the pod would be placed, and changes nothing.</summary>
    public SchedulingResult Schedule(ClusterState state, Pod pod) => Schedule(state, pod, out _);

    /// <summary>Schedules and binds the pod.</summary>
    public SchedulingResult Place(ClusterState state, Pod pod)
    {
        var result = Schedule(state, pod, out var seen);
        state.Cursor = new SearchCursor(
            state.Nodes.Count == 0 ? 0 : (state.Cursor.Next + seen) % state.Nodes.Count, state.Cursor.Decisions + 1);
        if (result.Node is { } node)
            state.Bind(pod, node);
        return result;
    }

    /// <summary>Whether the node can take the pod, regardless of other nodes.</summary>
    public bool Fits(ClusterState state, Pod pod, NodeState node)
    {
        var cycle = Begin(state, pod);
        return _claims is { Fault: null, LateFault: null } && Admits(cycle, node.Index) && Passes(node.Index);
    }

    /// <summary>Why the node cannot take the pod, according to the first refusing filter; empty when it can.</summary>
    public ImmutableArray<RefusedNodes> RefusalsOf(ClusterState state, Pod pod, NodeState node)
    {
        var cycle = Begin(state, pod);
        var refusals = new Refusals();
        if (IsNamed(cycle.Template, node))
            FirstBroken(cycle, node.Index)?.Explain(node.Index, refusals);
        else
            refusals.Add(FilterReason.NotNamed, NotNamed);
        return refusals.ToImmutable();
    }

    /// <summary>Whether removing pods could make the node fit, according to the first violated rule.</summary>
    internal bool CouldFitWithout(ClusterState state, Pod pod, NodeState node)
    {
        var cycle = Begin(state, pod);
        return _claims is { Fault: null, LateFault: null } && IsNamed(cycle.Template, node) && FirstBroken(cycle, node.Index) is { } broken && !broken.IsFinal(node.Index);
    }

    /// <param name="seen">Nodes looked at.</param>
    private SchedulingResult Schedule(ClusterState state, Pod pod, out int seen)
    {
        var cycle = Begin(state, pod);
        seen = 0;
        if (_claims.Fault is { } fault)
            return new SchedulingResult { Fault = fault, NodeCount = state.Nodes.Count };
        var nodes = cycle.Template.NodeNames is { } names ? Named(state, names.AsSpan()) : state.Order;
        var feasible = _feasible.Take(nodes.Length);
        var found = Find(cycle, nodes, feasible, out seen);
        if (found > 0 && _claims.LateFault is { } late)
            return new SchedulingResult { Fault = late, NodeCount = state.Nodes.Count };
        return found == 0
            ? Refuse(cycle, nodes)
            : new SchedulingResult
            {
                Node = state.NodeAt(found == 1 ? feasible[0] : Best(cycle, feasible[..found])),
                NodeCount = state.Nodes.Count,
            };
    }

    private SchedulingCycle Begin(ClusterState state, Pod pod)
    {
        var cycle = new SchedulingCycle(state, pod, state.Catalog.TemplateOf(pod), Options);
        _activeCount = 0;
        if (cycle.Template.HasOrdinaryVolumes)
            _claims.Clear();
        else
            _claims.Load(state, pod);
        foreach (var filter in _filters)
        {
            if (filter.Prepare(cycle))
                _active[_activeCount++] = filter;
        }

        return cycle;
    }

    /// <summary>
    /// Checks as many nodes at a time as are still missing, so that it ends at the same node as if it had checked one after the
    /// other.
    /// </summary>
    [MethodImpl(HotPath.Options)]
    private int Find(in SchedulingCycle cycle, ReadOnlySpan<int> nodes, Span<int> feasible, out int seen)
    {
        var enough = Options.SamplesNodes ? NodeSampling.EnoughOf(nodes.Length) : nodes.Length;
        var (found, next) = (0, nodes.Length == 0 ? 0 : cycle.State.Cursor.Next % nodes.Length);
        for (seen = 0; seen < nodes.Length && found < enough;)
        {
            var batch = Admit(cycle, nodes, feasible[found..enough], ref next, ref seen);
            for (var at = 0; at < _activeCount; at++)
                batch = batch[.._active[at].Keep(batch)];
            found += batch.Length;
        }

        return found;
    }

    [MethodImpl(HotPath.Options)]
    private static Span<int> Admit(in SchedulingCycle cycle, ReadOnlySpan<int> nodes, Span<int> batch, ref int next, ref int seen)
    {
        var admitted = cycle.Template.Admission.Id < 0 ? null : cycle.State.SetOf(cycle.Template.Admission);
        var count = 0;
        for (; seen < nodes.Length && count < batch.Length; seen++)
        {
            var node = nodes[next];
            if (++next == nodes.Length)
                next = 0;
            if (admitted is null ? Admits(cycle, node) : admitted[node])
                batch[count++] = node;
        }

        return batch[..count];
    }

    private bool Passes(int node)
    {
        for (var at = 0; at < _activeCount; at++)
        {
            if (!_active[at].Passes(node))
                return false;
        }

        return true;
    }

    private static bool Admits(in SchedulingCycle cycle, int node) =>
        IsNamed(cycle.Template, cycle.State.NodeAt(node)) && cycle.Template.Admission.Holds(cycle.State.NodeAt(node));

    private static bool IsNamed(PodTemplate template, NodeState node) =>
        template.NodeNames is not { } names || names.Contains(node.Node.Name);

    private ReadOnlySpan<int> Named(ClusterState state, ReadOnlySpan<string> names)
    {
        var nodes = _named.Take(names.Length);
        var count = 0;
        foreach (var name in names)
        {
            if (state.Find(name) is { } node)
                nodes[count++] = node.Index;
        }

        return nodes[..count];
    }

    [MethodImpl(HotPath.Options)]
    private int Best(in SchedulingCycle cycle, ReadOnlySpan<int> nodes)
    {
        var totals = _totals.Take(nodes.Length);
        totals.Clear();
        foreach (var score in _scores)
            score.AddTo(totals, nodes, cycle);
        var (best, ties) = (long.MinValue, 0);
        foreach (var total in totals)
        {
            ties = total > best ? 1 : total == best ? ties + 1 : ties;
            best = Math.Max(best, total);
        }

        var chosen = TieBreak.Choose(Options.Seed, cycle.State.Cursor.Decisions, ties);
        for (var at = 0; ; at++)
        {
            if (totals[at] == best && chosen-- == 0)
                return nodes[at];
        }
    }

    private SchedulingResult Refuse(in SchedulingCycle cycle, ReadOnlySpan<int> nodes)
    {
        var refusals = new Refusals();
        foreach (var node in nodes)
            FirstBroken(cycle, node)?.Explain(node, refusals);
        var others = cycle.State.Nodes.Count - nodes.Length;
        if (others > 0 && cycle.Spec.NodeName is not null)
            refusals.Add(FilterReason.NodeName, NodeName.Text, count: others);
        else if (others > 0)
            refusals.Add(FilterReason.NotNamed, NotNamed, count: others);
        return new SchedulingResult
        {
            Refusals = refusals.ToImmutable(),
            NodeCount = cycle.State.Nodes.Count,
            Note = cycle.Template.HasOrdinaryVolumes ? null : _claims.Note(),
        };
    }

    private INodeFilter? FirstBroken(in SchedulingCycle cycle, int node)
    {
        foreach (var filter in _admission)
        {
            if (filter.Prepare(cycle) && !filter.Passes(node))
                return filter;
        }

        for (var at = 0; at < _activeCount; at++)
        {
            if (!_active[at].Passes(node))
                return _active[at];
        }

        return null;
    }
}
