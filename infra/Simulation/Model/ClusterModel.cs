using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A declared cluster: its parts and its workloads, before any event.</summary>
public sealed record ClusterModel
{
    public required string Name { get; init; }

    /// <summary>Sorted.</summary>
    public required ImmutableArray<string> Zones { get; init; }

    /// <summary>The Kubernetes version, such as <c>1.35</c>; null when it is not known.</summary>
    public string? Version { get; init; }

    public ImmutableArray<NodeGroup> NodeGroups { get; init; } = [];

    /// <summary>Nodes outside of groups, for a cluster described by its nodes.</summary>
    public ImmutableArray<Node> Nodes { get; init; } = [];

    public ImmutableArray<Workload> Workloads { get; init; } = [];

    public ImmutableArray<DisruptionBudget> Budgets { get; init; } = [];

    public ImmutableArray<NamespaceQuota> Quotas { get; init; } = [];

    public ImmutableArray<PriorityClass> PriorityClasses { get; init; } = [];

    public ImmutableArray<RuntimeClass> RuntimeClasses { get; init; } = [];

    public ClusterStorage Storage { get; init; } = ClusterStorage.Empty;

    /// <summary>Service accounts, config maps and secrets that exist or that controllers create, as <c>Kind namespace/name</c>.</summary>
    public ImmutableHashSet<string> Provided { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Names of its namespaces, sorted.</summary>
    public ImmutableArray<string> Namespaces { get; init; } = [];

    /// <summary>Defaults for containers, from the limit ranges of the namespaces.</summary>
    public ImmutableArray<ContainerDefault> ContainerDefaults { get; init; } = [];

    /// <summary>Pods that exist already, in order of creation; only of a cluster described by its objects.</summary>
    public ImmutableArray<PodPlacement> Placements { get; init; } = [];

    public ImmutableArray<NatGateway> NatGateways { get; init; } = [];

    /// <summary>The setting that changes NAT gateways; null when there is none.</summary>
    public string? NatSetting { get; init; }

    public ImmutableArray<Database> Databases { get; init; } = [];

    public ImmutableArray<SearchDomain> SearchDomains { get; init; } = [];

    public ImmutableArray<EntryPoint> EntryPoints { get; init; } = [];

    public Objectives Objectives { get; init; } = Objectives.Default;

    /// <summary>
    /// Objectives in ready replicas, by workload id; already in <see cref="Workload.MinServing"/> of those that exist.
    /// </summary>
    public ImmutableSortedDictionary<string, int> Serving { get; init; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Whether cluster-autoscaler adds nodes for Pending pods.</summary>
    public bool IsAutoscaled { get; init; }

    /// <summary>Volumes that are claimed, also by charts that are not modelled, as far as their values say it.</summary>
    public ImmutableArray<DeclaredClaim> Claims { get; init; } = [];

    /// <summary>Counts of objects other than pods and claims, for quotas.</summary>
    public ImmutableArray<ObjectCount> ObjectCounts { get; init; } = [];

    /// <summary>Unknown parts, which make every answer about the cluster incomplete.</summary>
    public ImmutableArray<UnknownObject> Unknown { get; init; } = [];

    /// <summary>Notes that change no answer.</summary>
    public ImmutableArray<ModelNote> Notes { get; init; } = [];

    /// <summary>Assumptions made while the model was read.</summary>
    public ImmutableArray<string> Assumptions { get; init; } = [];

    /// <summary>The initial nodes: those of every group at its desired size, then the others.</summary>
    public IEnumerable<Node> InitialNodes() =>
        NodeGroups.SelectMany(group => Enumerable.Range(0, group.Desired).Select(group.NodeAt)).Concat(Nodes);
}

/// <summary>Recovery time objectives: the time until recovery after a failure.</summary>
/// <param name="Stateless">Replicas without volumes.</param>
/// <param name="Stateful">Replicas with volumes that can be attached again.</param>
/// <param name="Database">Until a writer accepts writes again.</param>
public sealed record Objectives(TimeSpan Stateless, TimeSpan Stateful, TimeSpan Database)
{
    public static readonly Objectives Default = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(2));
}

/// <summary>A declared object that is not in the model, and why; none is dropped silently.</summary>
/// <param name="Subject">Its kind, then its name.</param>
/// <param name="HidesPods">Whether it creates pods, or may, that are missing from the model.</param>
public sealed record UnknownObject(string Subject, string Reason, bool HidesPods = false);

/// <summary>A note about the manifests that changes no answer.</summary>
public sealed record ModelNote(string Subject, string Text);
