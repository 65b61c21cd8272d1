using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>What has been read so far. Findings and assumptions are said once, in the order in which they came up.</summary>
internal sealed class ModelDraft
{
    private readonly List<string> _assumptions = [];
    private readonly List<UnknownObject> _unknown = [];

    public List<NodeGroup> NodeGroups { get; } = [];

    public List<Node> Nodes { get; } = [];

    public List<Workload> Workloads { get; } = [];

    public List<DisruptionBudget> Budgets { get; } = [];

    public List<NamespaceQuota> Quotas { get; } = [];

    public List<PriorityClass> PriorityClasses { get; } = [];

    public List<RuntimeClass> RuntimeClasses { get; } = [];

    public List<string> Namespaces { get; } = [];

    public List<ContainerDefault> ContainerDefaults { get; } = [];

    /// <summary>With what the cluster had before; null when nobody has looked.</summary>
    public ClusterStorage? Storage { get; set; }

    public List<PodPlacement> Placements { get; } = [];

    public ImmutableArray<string> Assumptions => [.. _assumptions];

    public ImmutableArray<UnknownObject> Unknown => [.. _unknown];

    public void Assume(string sentence)
    {
        if (!_assumptions.Contains(sentence))
            _assumptions.Add(sentence);
    }

    public void AddUnknown(string subject, string reason)
    {
        var unknown = new UnknownObject(subject, reason);
        if (!_unknown.Contains(unknown))
            _unknown.Add(unknown);
    }

    /// <summary>Fills in what is kept here; lists are put into an order that does not depend on that of declaration.</summary>
    public ClusterModel Onto(ClusterModel cluster) => cluster with
    {
        NodeGroups = [.. cluster.NodeGroups, .. NodeGroups.OrderBy(group => group.Name, StringComparer.Ordinal)],
        Nodes = [.. cluster.Nodes, .. Nodes.OrderBy(node => node.Name, StringComparer.Ordinal)],
        Workloads = [.. cluster.Workloads, .. Workloads.OrderBy(workload => workload.Id, StringComparer.Ordinal).ThenBy(workload => workload.Kind)],
        Budgets = [.. cluster.Budgets, .. Budgets.OrderBy(budget => budget.Namespace, StringComparer.Ordinal).ThenBy(budget => budget.Name, StringComparer.Ordinal)],
        Quotas = [.. cluster.Quotas, .. Quotas.OrderBy(quota => quota.Namespace, StringComparer.Ordinal).ThenBy(quota => quota.Name, StringComparer.Ordinal)],
        PriorityClasses = [.. cluster.PriorityClasses.Concat(PriorityClasses).DistinctBy(one => one.Name).OrderBy(one => one.Name, StringComparer.Ordinal)],
        RuntimeClasses = [.. cluster.RuntimeClasses.Concat(RuntimeClasses).DistinctBy(one => one.Name).OrderBy(one => one.Name, StringComparer.Ordinal)],
        Namespaces = [.. cluster.Namespaces.Union(Namespaces, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        // The new ones were made with the old ones in view.
        ContainerDefaults = [.. ContainerDefaults.UnionBy(cluster.ContainerDefaults, one => one.Namespace).OrderBy(one => one.Namespace, StringComparer.Ordinal)],
        Storage = Storage ?? cluster.Storage,
        Placements = [.. cluster.Placements, .. Placements],
        Unknown = [.. cluster.Unknown, .. _unknown],
        Assumptions = [.. cluster.Assumptions.Concat(_assumptions).Distinct()],
    };
}
