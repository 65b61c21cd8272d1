using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A cluster as declared: what it is made of and what is to run on it. Nothing has happened in it yet.</summary>
public sealed record ClusterModel
{
    public required string Name { get; init; }

    /// <summary>Sorted.</summary>
    public required ImmutableArray<string> Zones { get; init; }

    /// <summary>Of Kubernetes, such as <c>1.35</c>; null when it is not known.</summary>
    public string? Version { get; init; }

    public ImmutableArray<NodeGroup> NodeGroups { get; init; } = [];

    /// <summary>Machines that exist besides those of groups: of a cluster described by its nodes.</summary>
    public ImmutableArray<Node> Nodes { get; init; } = [];

    public ImmutableArray<Workload> Workloads { get; init; } = [];

    public ImmutableArray<DisruptionBudget> Budgets { get; init; } = [];

    public ImmutableArray<NamespaceQuota> Quotas { get; init; } = [];

    public ImmutableArray<PriorityClass> PriorityClasses { get; init; } = [];

    public ImmutableArray<RuntimeClass> RuntimeClasses { get; init; } = [];

    public ClusterStorage Storage { get; init; } = ClusterStorage.Empty;

    /// <summary>Service accounts, config maps and secrets that are there or that controllers make, as <c>Kind namespace/name</c>.</summary>
    public ImmutableHashSet<string> Provided { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Names of its namespaces, sorted.</summary>
    public ImmutableArray<string> Namespaces { get; init; } = [];

    /// <summary>What containers get that say nothing themselves: the namespaces' limit ranges.</summary>
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
    /// Ready replicas that are promised, by id of the workload; already in <see cref="Workload.MinServing"/> of those that exist.
    /// </summary>
    public ImmutableSortedDictionary<string, int> Serving { get; init; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Nodes are added when pods wait: cluster-autoscaler runs.</summary>
    public bool IsAutoscaled { get; init; }

    /// <summary>Volumes that are claimed, also by charts that are not modelled, as far as their values say it.</summary>
    public ImmutableArray<DeclaredClaim> Claims { get; init; } = [];

    /// <summary>Objects that a quota may count, besides pods and claims.</summary>
    public ImmutableArray<ObjectCount> ObjectCounts { get; init; } = [];

    /// <summary>What makes any answer about the cluster incomplete.</summary>
    public ImmutableArray<UnknownObject> Unknown { get; init; } = [];

    /// <summary>What is worth knowing and changes no answer.</summary>
    public ImmutableArray<ModelNote> Notes { get; init; } = [];

    /// <summary>What was assumed while the model was made, in words.</summary>
    public ImmutableArray<string> Assumptions { get; init; } = [];

    /// <summary>The machines at rest: those of every group at its desired size, then the others.</summary>
    public IEnumerable<Node> InitialNodes() =>
        NodeGroups.SelectMany(group => Enumerable.Range(0, group.Desired).Select(group.NodeAt)).Concat(Nodes);
}
