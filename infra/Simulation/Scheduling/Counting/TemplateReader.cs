using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>Computes the <see cref="PodTemplate"/> of a pod.</summary>
internal sealed class TemplateReader(Catalog catalog, Pod pod)
{
    /// <summary>Weight of the required affinity of running pods: <c>hardPodAffinityWeight</c>.</summary>
    private const int RequiredNearWeight = 1;

    private const string TemplateHash = "pod-template-hash";

    private readonly PodSpec _spec = pod.Spec;
    private readonly PodGroup _group = catalog.GroupOf(pod);

    public PodTemplate Read()
    {
        var near = _spec.Affinity.Near;
        var together = near.IsEmpty ? null : catalog.MatcherOf([.. near.Select(Owned)]);
        return new PodTemplate
        {
            Catalog = catalog,
            Spec = _spec,
            Group = _group,
            Admission = Admission(),
            NodeNames = NodeNames(),
            NonZeroRequests = _spec.AssumedRequests ?? _spec.Requests with
            {
                MilliCpu = _spec.Requests.MilliCpu == 0 ? Resources.AssumedMilliCpu : _spec.Requests.MilliCpu,
                MemoryBytes = _spec.Requests.MemoryBytes == 0 ? Resources.AssumedMemoryBytes : _spec.Requests.MemoryBytes,
            },
            RequiredSpread = Spread(isRequired: true),
            PreferredSpread = Spread(isRequired: false),
            DefaultSpread = _spec.Spread.IsEmpty ? DefaultSpread() : [],
            Near = together is null ? [] : [.. near.Select(term => catalog.CounterOf(together, catalog.KeyOf(term.TopologyKey), null))],
            IsNearItself = together?.Matches(_group) == true,
            Apart = [.. _spec.Affinity.Apart.Select(CounterOf)],
            PreferredPods =
            [
                .. _spec.Affinity.PreferredNear.Select(preferred => new CountedAmount(CounterOf(preferred.Term), preferred.Weight)),
                .. _spec.Affinity.PreferredApart.Select(preferred => new CountedAmount(CounterOf(preferred.Term), -preferred.Weight)),
            ],
            PreferredNodes =
            [
                .. _spec.Affinity.PreferredNodes.Select(preferred =>
                    (catalog.ConditionOf(Labels.None, [preferred.Term], tolerations: null, []), preferred.Weight)),
            ],
            HasOrdinaryVolumes = _spec.Volumes.IsEmpty || (!catalog.Storage.HasVolumes && !catalog.Storage.HasClaimsIn(pod.Namespace) && _spec.Volumes.All(IsOrdinary)),
            Carried =
            [
                .. _spec.Affinity.Apart.Select(
                    term => new CountedAmount(catalog.RefusingCounterOf(MatcherOf(term), KeyOf(term), _group), 1)),
                .. near.Select(term => Preferring(term, RequiredNearWeight)),
                .. _spec.Affinity.PreferredNear.Select(preferred => Preferring(preferred.Term, preferred.Weight)),
                .. _spec.Affinity.PreferredApart.Select(preferred => Preferring(preferred.Term, -preferred.Weight)),
            ],
        };
    }

    private static bool IsOrdinary(VolumeClaim claim) =>
        claim is { Owner: ClaimOwner.StatefulSet, Class: { WaitsForPod: true, Topologies.IsEmpty: true, Driver: var driver } }
        && driver.Name == VolumeDriver.Ebs.Name && driver.Lacks(claim.Access, claim.IsBlock) == VolumeAccess.None;

    /// <summary>DaemonSet pods each name their own node: an answer cached for all nodes would be used only once.</summary>
    private NodeCondition Admission() => NodeNames() is null
        ? catalog.ConditionOf(_spec.NodeSelector, _spec.Affinity.Nodes, _spec.Tolerations, [])
        : new NodeCondition { Id = -1, Selector = _spec.NodeSelector, Terms = _spec.Affinity.Nodes, Tolerations = _spec.Tolerations };

    private ImmutableArray<string>? NodeNames()
    {
        if (_spec.NodeName is { } chosen)
            return [chosen];
        var terms = _spec.Affinity.Nodes;
        if (terms.IsEmpty || terms.Any(term => !term.Names.Any(name => name.Operator == LabelOperator.In)))
            return null;
        return
        [
            .. terms.SelectMany(term => term.Names.Where(name => name.Operator == LabelOperator.In)
                .Select(name => name.Values.AsEnumerable())
                .Aggregate((left, right) => left.Intersect(right, StringComparer.Ordinal))).Distinct(StringComparer.Ordinal),
        ];
    }

    private ImmutableArray<SpreadRule> Spread(bool isRequired)
    {
        var constraints = _spec.Spread.Where(spread => spread.IsRequired == isRequired).ToImmutableArray();
        var keys = constraints.Select(spread => spread.TopologyKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ToImmutableArray();
        return [.. constraints.Select(spread => Rule(spread, keys))];
    }

    /// <summary>Only nodes that have the keys of all constraints of the kind count, subject to the constraint's node inclusion policies.</summary>
    private SpreadRule Rule(TopologySpread spread, ImmutableArray<string> keys)
    {
        var (key, selected) = (catalog.KeyOf(spread.TopologyKey), SelectedBy(spread));
        var scope = catalog.ScopeOf(ConditionOf(spread.HonorsAffinity, spread.HonorsTaints, keys), key);
        var matcher = catalog.MatcherOf([Counting(selected)]);
        return new SpreadRule(
            catalog.CounterOf(matcher, key, scope), scope, spread.MaxSkew, spread.MinDomains,
            selected.Selector?.Matches(_group.Labels) == true ? 1 : 0);
    }

    /// <summary>
    /// A selector that selects everything counts no pods, though the pod itself matches it
    /// (https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/podtopologyspread/common.go,
    /// <c>countPodsMatchSelector</c>).
    /// </summary>
    private static PodAffinityTerm Counting(PodAffinityTerm selected) =>
        selected.Selector?.Requirements.IsEmpty == true ? selected with { Selector = null } : selected;

    private PodAffinityTerm SelectedBy(TopologySpread spread)
    {
        var own = spread.MatchLabelKeys.Where(_spec.Labels.ContainsKey)
            .Select(label => new LabelRequirement(label, LabelOperator.In, [_spec.Labels[label]]));
        return new PodAffinityTerm(
            spread.Selector is null ? null : new LabelSelector([.. spread.Selector.Requirements, .. own]),
            spread.TopologyKey,
            [pod.Namespace]);
    }

    /// <summary>
    /// Pods that a ReplicaSet or a StatefulSet owns, or that a Service selects, and no others. The selector of a Deployment's ReplicaSet holds a hash of the
    /// pod template, so that pods of an older revision do not count; that of a StatefulSet does not.
    /// </summary>
    private ImmutableArray<SpreadRule> DefaultSpread() => IsReplicated || !_spec.ServiceSelector.IsEmpty
        ? [DefaultRule(Labels.Host, 3), DefaultRule(Labels.Zone, 5)]
        : [];

    /// <summary>
    /// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/scheduler/framework/plugins/podtopologyspread/plugin.go,
    /// <c>systemDefaultConstraints</c>.
    /// </summary>
    private SpreadRule DefaultRule(string label, int maxSkew)
    {
        var key = catalog.KeyOf(label);
        var scope = catalog.ScopeOf(ConditionOf(honorsAffinity: true, honorsTaints: false, []), key);
        var counter = DefaultSelector() is { } selector
            ? catalog.CounterOf(MatcherOf(new PodAffinityTerm(selector, label, [])), key, scope)
            : catalog.CounterOf(_group.Revision, key, scope);
        return new SpreadRule(counter, scope, maxSkew, MinDomains: 1, SelfMatch: 1);
    }

    private bool IsReplicated => pod.Workload.Kind is WorkloadKind.Deployment or WorkloadKind.StatefulSet;

    /// <summary>
    /// Those of the pod's owner and Services together
    /// (https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/scheduler/framework/plugins/helper/spread.go, <c>DefaultSelector</c>).
    /// </summary>
    private LabelSelector? DefaultSelector()
    {
        var ofServices = LabelSelector.Of(_spec.ServiceSelector);
        return !IsReplicated ? ofServices
            : OwnerSelector() is { } owner ? new LabelSelector([.. ofServices.Requirements, .. owner.Requirements])
            : null;
    }

    /// <summary>
    /// That of the pod's StatefulSet or ReplicaSet; null for a Deployment's pod that was made here, and so does not have the hash of its template as a label.
    /// </summary>
    private LabelSelector? OwnerSelector()
    {
        var selector = pod.Workload.Selector ?? LabelSelector.Of(pod.Workload.Pods.Labels);
        if (selector.Requirements.IsEmpty)
            return null;
        if (pod.Workload.Kind == WorkloadKind.StatefulSet)
            return selector;
        return _spec.Labels.TryGetValue(TemplateHash, out var hash)
            ? new LabelSelector([.. selector.Requirements, new LabelRequirement(TemplateHash, LabelOperator.In, [hash])])
            : null;
    }

    private NodeCondition ConditionOf(bool honorsAffinity, bool honorsTaints, ImmutableArray<string> keys) => catalog.ConditionOf(
        honorsAffinity ? _spec.NodeSelector : Labels.None,
        honorsAffinity ? _spec.Affinity.Nodes : [],
        honorsTaints ? _spec.Tolerations : null,
        keys);

    private PodAffinityTerm Owned(PodAffinityTerm term)
    {
        var resolved = term.For(_spec.Labels);
        return resolved.AllNamespaces || !resolved.Namespaces.IsEmpty ? resolved : resolved with { Namespaces = [pod.Namespace] };
    }

    private PodMatcher MatcherOf(PodAffinityTerm term) => catalog.MatcherOf([Owned(term)]);

    private TopologyKey KeyOf(PodAffinityTerm term) => catalog.KeyOf(term.TopologyKey);

    private Counter CounterOf(PodAffinityTerm term) => catalog.CounterOf(MatcherOf(term), KeyOf(term), null);

    private CountedAmount Preferring(PodAffinityTerm term, int weight) =>
        new(catalog.PreferringCounterOf(MatcherOf(term), KeyOf(term), _group), weight);
}
