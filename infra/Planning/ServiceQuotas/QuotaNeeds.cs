using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Planning.ServiceQuotas.Needs;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.ServiceQuotas;

/// <summary>
/// The need of the declared cluster for every quota.
/// <para>Counted: declared resources and their consequences: nodes up to the maximum of their groups and the extra ones of a
/// rolling update, load balancers and volumes of Kubernetes objects and of the values of Helm charts. The loss of a zone needs
/// nothing beyond that: its nodes are replaced within the maximum.</para>
/// <para>Not counted: workloads added to the cluster later, snapshots, and roles that AWS creates for its services.</para>
/// </summary>
/// <param name="Needs">By service and name, without zeros.</param>
/// <param name="Notes">Needs that could not be counted, with the assumptions made.</param>
public sealed record QuotaNeeds(ImmutableArray<QuotaNeed> Needs, ImmutableArray<string> Notes)
{
    /// <summary>Null when the cluster needs no such role.</summary>
    public LinkedRole? LinkedRole { get; init; }

    /// <param name="graph">Of a simulated run: ids tie groups to subnets and templates.</param>
    /// <param name="cluster">The model of the graph, read once.</param>
    public static QuotaNeeds Of(ResourceGraph graph, ClusterModel cluster)
    {
        var notes = new List<string>();
        var subnets = new SubnetIndex(graph);
        var groups = NodeGroupDemand.Of(graph, subnets, notes);
        var balancers = LoadBalancerNeeds.Count(graph, subnets);
        IEnumerable<QuotaNeed> needs =
        [
            .. VirtualCpuNeeds.Of(groups, notes),
            .. NetworkNeeds.Of(graph, subnets),
            .. InterfaceNeeds.Of(graph, groups, balancers),
            .. SecurityGroupNeeds.Of(graph, balancers),
            .. VolumeNeeds.Of(graph, cluster, groups, notes),
            .. LoadBalancerNeeds.Of(balancers),
            .. ClusterNeeds.Of(graph, groups),
            .. DatabaseNeeds.Of(graph),
            .. SearchNeeds.Of(graph),
            .. IdentityNeeds.Of(graph),
        ];
        return new QuotaNeeds(
            [
                .. needs.Where(need => need.AtMost > 0)
                    .OrderBy(need => need.Quota.Service, StringComparer.Ordinal)
                    .ThenBy(need => need.Quota.Name, StringComparer.Ordinal),
            ],
            [.. notes.Distinct()])
        { LinkedRole = LinkedRole.Of(graph) };
    }
}

/// <summary>The need of the declared cluster for one quota.</summary>
/// <param name="AtRest">With every group at its initial size.</param>
/// <param name="AtMost">With every group at its maximum and all groups being updated; this must fit.</param>
/// <param name="How">How it was counted, in one line.</param>
public sealed record QuotaNeed(ServiceQuota Quota, decimal AtRest, decimal AtMost, string How)
{
    internal static QuotaNeed Of(string service, string code, decimal atRest, decimal atMost, string how) =>
        new(ServiceQuotaCatalog.Get(service, code), atRest, atMost, how);

    internal static QuotaNeed Of(string service, string code, decimal amount, string how) => Of(service, code, amount, amount, how);
}
