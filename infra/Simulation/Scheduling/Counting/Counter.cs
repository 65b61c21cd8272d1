namespace HaCluster.Simulation.Scheduling.Counting;

/// <summary>
/// Counts per value of a topology key: pods that match a selector, or pods with an affinity term. The numbers are
/// in <see cref="DomainCounts"/>.
/// </summary>
/// <param name="scope">Restricts the counted nodes; null for all nodes that have the key.</param>
/// <param name="sources">Groups whose pods count. It may grow.</param>
internal sealed class Counter(int id, TopologyKey key, DomainScope? scope, List<PodGroup> sources)
{
    public int Id { get; } = id;

    public TopologyKey Key { get; } = key;

    public DomainScope? Scope { get; } = scope;

    /// <summary>Affinity counts on all nodes; only a spread constraint restricts them.</summary>
    public bool IsOfSpread => Scope is not null;

    public List<PodGroup> Sources { get; } = sources;
}

/// <summary>A node label whose values are domains.</summary>
internal sealed record TopologyKey(int Id, string Name);

/// <summary>Domains are those that have a node for which the condition holds.</summary>
internal sealed record DomainScope(int Id, NodeCondition Condition, TopologyKey Key);

/// <summary>The amount that each pod of a template adds to a counter.</summary>
internal readonly record struct CountedAmount(Counter Counter, int Amount);
