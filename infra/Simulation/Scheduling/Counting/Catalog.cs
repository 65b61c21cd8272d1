using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling.Volumes;

namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>
/// The interned scheduling requirements of pods: conditions on nodes, selectors, topology keys, and the counters that answer them. Shared by a
/// state and all of its
/// clones, which may run in parallel: it only grows, and additions hold the lock.
/// </summary>
internal sealed class Catalog(StorageIndex storage)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TemplateKey, PodTemplate> _templates = [];
    private readonly Dictionary<(string, WorkloadKind, Reference, Reference), PodGroup> _groups = [];
    private readonly Dictionary<(string, WorkloadKind, Reference), PodRevision> _revisions = [];
    private readonly Dictionary<string, NodeCondition> _conditions = new(StringComparer.Ordinal);
    private readonly Dictionary<PersistentVolume, NodeCondition> _volumes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(string? Region, string? Zone), int> _zones = [];
    private readonly Dictionary<string, TopologyKey> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Condition, int Key), DomainScope> _scopes = [];
    private readonly Dictionary<string, PodMatcher> _matchers = new(StringComparer.Ordinal);
    private readonly Dictionary<object, Counter> _counters = [];
    private readonly Dictionary<string, List<PodMatcher>> _matchersByLabel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PodGroup>> _groupsByLabel = new(StringComparer.Ordinal);
    private readonly List<PodMatcher> _otherMatchers = [];

    public StorageIndex Storage { get; } = storage;

    /// <summary>Groups so far, copied: the list may grow meanwhile.</summary>
    public PodGroup[] Groups
    {
        get
        {
            lock (_lock)
                return [.. _groups.Values];
        }
    }

    /// <summary>The upper bound of zone numbers.</summary>
    public int ZoneCount
    {
        get
        {
            lock (_lock)
                return _zones.Count;
        }
    }

    /// <summary>The same number for nodes of the same zone of the same region, as their labels have it.</summary>
    public int ZoneOf(Node node)
    {
        lock (_lock)
        {
            var zone = (node.Labels.GetValueOrDefault(Labels.Region), node.Labels.GetValueOrDefault(Labels.Zone));
            if (!_zones.TryGetValue(zone, out var number))
                _zones.Add(zone, number = _zones.Count);
            return number;
        }
    }

    public PodTemplate TemplateOf(Pod pod)
    {
        if (pod.Template is { } known && ReferenceEquals(known.Catalog, this))
            return known;
        lock (_lock)
        {
            var key = new TemplateKey(new Reference(pod.Workload), new Reference(pod.Spec));
            if (!_templates.TryGetValue(key, out var template))
                _templates.Add(key, template = new TemplateReader(this, pod).Read());
            pod.Template = template;
            return template;
        }
    }

    /// <summary>Groups whose pods count, copied: the list may grow meanwhile.</summary>
    public PodGroup[] SourcesOf(Counter counter)
    {
        lock (_lock)
            return [.. counter.Sources];
    }

    public PodGroup GroupOf(Pod pod)
    {
        var revision = new Reference(pod.Workload.Pods);
        var key = (pod.Workload.Id, pod.Workload.Kind, revision, new Reference(pod.Spec.Labels));
        if (_groups.TryGetValue(key, out var known))
            return known;
        var group = new PodGroup(_groups.Count, RevisionOf(pod.Workload, revision), pod.Namespace, pod.Spec.Labels);
        _groups.Add(key, group);
        group.Revision.Groups.Add(group);
        group.Revision.Counters.ForEach(group.Count);
        foreach (var (label, value) in group.Labels)
        {
            var index = PodMatcher.IndexKeyOf(group.Namespace, label, value);
            ListOf(_groupsByLabel, index).Add(group);
            Join(group, ListOf(_matchersByLabel, index));
        }

        Join(group, _otherMatchers);
        return group;
    }

    public TopologyKey KeyOf(string name)
    {
        if (!_keys.TryGetValue(name, out var key))
            _keys.Add(name, key = new TopologyKey(_keys.Count, name));
        return key;
    }

    public NodeCondition ConditionOf(
        ImmutableSortedDictionary<string, string> selector, ImmutableArray<NodeAffinityTerm> terms, ImmutableArray<Toleration>? tolerations,
        ImmutableArray<string> keys)
    {
        var text = new InternKey().Add([.. selector.Keys]).Add([.. selector.Values]).Add(terms).Add(keys).Add(tolerations is null ? 0 : 1)
            .Add(tolerations ?? []).ToString();
        if (!_conditions.TryGetValue(text, out var condition))
        {
            condition = new NodeCondition
            {
                Id = _conditions.Count,
                Selector = selector,
                Terms = terms,
                Tolerations = tolerations,
                Keys = keys,
            };
            _conditions.Add(text, condition);
        }

        return condition;
    }

    /// <summary>The nodes that reach the volume.</summary>
    public NodeCondition ConditionOf(PersistentVolume volume)
    {
        lock (_lock)
        {
            if (!_volumes.TryGetValue(volume, out var condition))
                _volumes.Add(volume, condition = ConditionOf(Labels.None, volume.Nodes, tolerations: null, []));
            return condition;
        }
    }

    public DomainScope ScopeOf(NodeCondition condition, TopologyKey key)
    {
        if (!_scopes.TryGetValue((condition.Id, key.Id), out var scope))
            _scopes.Add((condition.Id, key.Id), scope = new DomainScope(_scopes.Count, condition, key));
        return scope;
    }

    public PodMatcher MatcherOf(ImmutableArray<PodAffinityTerm> terms)
    {
        var text = new InternKey();
        foreach (var term in terms)
            text.Add(term.AllNamespaces ? 1 : 0).Add(term.Namespaces).Add(term.Selector is null ? 0 : 1)
                .Add(term.Selector?.Requirements ?? []);
        if (_matchers.TryGetValue(text.ToString(), out var known))
            return known;
        var matcher = new PodMatcher(terms);
        _matchers.Add(text.ToString(), matcher);
        if (matcher.IndexKey is { } index)
            ListOf(_matchersByLabel, index).Add(matcher);
        else
            _otherMatchers.Add(matcher);
        foreach (var group in matcher.IndexKey is { } label ? ListOf(_groupsByLabel, label) : (IEnumerable<PodGroup>)_groups.Values)
        {
            if (matcher.Matches(group))
                matcher.Groups.Add(group);
        }

        return matcher;
    }

    /// <summary>Counts the pods that a matcher selects.</summary>
    public Counter CounterOf(PodMatcher matcher, TopologyKey key, DomainScope? scope) =>
        CounterOf((matcher, key, scope), key, scope, matcher.Groups, matcher.Counters, group => group.Count, matcher.Groups);

    /// <summary>Counts the pods of one revision, whatever their labels.</summary>
    public Counter CounterOf(PodRevision revision, TopologyKey key, DomainScope scope) =>
        CounterOf((revision, key, scope), key, scope, revision.Groups, revision.Counters, group => group.Count, revision.Groups);

    /// <summary>Counts the pods with anti-affinity to those of the matcher.</summary>
    public Counter RefusingCounterOf(PodMatcher matcher, TopologyKey key, PodGroup carrier) =>
        Carry(CounterOf((matcher, key, "refusing"), key, null, [], matcher.Refusing, group => group.Refuse, matcher.Groups), carrier);

    /// <summary>Sums the affinity weights of pods for those of the matcher.</summary>
    public Counter PreferringCounterOf(PodMatcher matcher, TopologyKey key, PodGroup carrier) =>
        Carry(CounterOf((matcher, key, "preferring"), key, null, [], matcher.Preferring, group => group.Prefer, matcher.Groups), carrier);

    private static Counter Carry(Counter counter, PodGroup carrier)
    {
        if (!counter.Sources.Contains(carrier))
            counter.Sources.Add(carrier);
        return counter;
    }

    private Counter CounterOf(
        object identity, TopologyKey key, DomainScope? scope, List<PodGroup> sources, List<Counter> role,
        Func<PodGroup, Action<Counter>> join, List<PodGroup> groups)
    {
        if (_counters.TryGetValue(identity, out var known))
            return known;
        var counter = new Counter(_counters.Count, key, scope, sources);
        _counters.Add(identity, counter);
        role.Add(counter);
        foreach (var group in groups)
            join(group)(counter);
        return counter;
    }

    private PodRevision RevisionOf(Workload workload, Reference pods)
    {
        if (!_revisions.TryGetValue((workload.Id, workload.Kind, pods), out var revision))
            _revisions.Add((workload.Id, workload.Kind, pods), revision = new PodRevision());
        return revision;
    }

    private static void Join(PodGroup group, List<PodMatcher> matchers)
    {
        foreach (var matcher in matchers)
        {
            if (!matcher.Matches(group))
                continue;
            matcher.Groups.Add(group);
            matcher.Counters.ForEach(group.Count);
            matcher.Refusing.ForEach(group.Refuse);
            matcher.Preferring.ForEach(group.Prefer);
        }
    }

    private static List<T> ListOf<T>(Dictionary<string, List<T>> index, string key)
    {
        if (!index.TryGetValue(key, out var list))
            index.Add(key, list = []);
        return list;
    }

    private readonly record struct TemplateKey(Reference Workload, Reference Spec);

    /// <summary>Equal only to itself: records would be compared member by member.</summary>
    private readonly struct Reference(object target) : IEquatable<Reference>
    {
        private readonly object _target = target;

        public bool Equals(Reference other) => ReferenceEquals(_target, other._target);

        public override bool Equals(object? obj) => obj is Reference other && Equals(other);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(_target);
    }
}
