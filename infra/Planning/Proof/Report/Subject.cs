using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Report;

/// <summary>Kinds of things that an invariant can fail for.</summary>
public enum SubjectKind
{
    Workload,

    /// <summary>Node groups that one setting sizes.</summary>
    Pool,
    NodeGroup,
    Budget,
    Quota,
    Namespace,
    Database,
    SearchDomain,

    /// <summary>A load balancer or another entry point.</summary>
    EntryPoint,
    NatGateways,
}

/// <summary>The subject of a violation. As text: its name for readers.</summary>
/// <param name="Name">As <c>namespace/name</c> for what is in a namespace.</param>
public sealed record Subject(SubjectKind Kind, string Name)
{
    public static readonly Subject Nat = new(SubjectKind.NatGateways, "NAT");

    /// <summary>The kind of a workload if one of another kind has the same name; null otherwise.</summary>
    public string? ObjectKind { get; init; }

    public static Subject Of(Workload workload) => new(SubjectKind.Workload, workload.Id) { ObjectKind = workload.HasNamesake ? workload.ObjectKind : null };

    public static Subject Of(DisruptionBudget budget) => new(SubjectKind.Budget, $"{budget.Namespace}/{budget.Name}");

    public static Subject Of(NamespaceQuota quota) => new(SubjectKind.Quota, $"{quota.Namespace}/{quota.Name}");

    public static Subject Of(Database database) => new(SubjectKind.Database, database.Name);

    public static Subject Of(SearchDomain domain) => new(SubjectKind.SearchDomain, domain.Name);

    public static Subject Of(EntryPoint entry) => new(SubjectKind.EntryPoint, entry.Name);

    public override string ToString() => Kind switch
    {
        SubjectKind.Pool => $"node pool {Name}",
        SubjectKind.NodeGroup => $"node group {Name}",
        SubjectKind.Budget => $"PodDisruptionBudget {Name}",
        SubjectKind.Quota => $"ResourceQuota {Name}",
        SubjectKind.Namespace => $"namespace {Name}",
        _ => ObjectKind is null ? Name : $"{ObjectKind} {Name}",
    };
}
