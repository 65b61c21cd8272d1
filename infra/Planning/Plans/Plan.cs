using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Policies;
using HaCluster.Planning.ServiceQuotas;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Plans;

/// <summary>The resources that a run of the program would create, with notable facts.</summary>
public sealed record Plan
{
    public required ResourceGraph Graph { get; init; }

    public required ComponentNode Root { get; init; }

    /// <summary>The AWS region of the settings; null when they name none.</summary>
    public string? Region { get; init; }

    public required NetworkFacts Network { get; init; }

    public ImmutableArray<ClusterFacts> Clusters { get; init; } = [];

    public ImmutableArray<NodeGroupFacts> NodeGroups { get; init; } = [];

    /// <summary>The workloads of the cluster.</summary>
    public required ClusterModel Cluster { get; init; }

    public ImmutableArray<QuotaFacts> Quotas { get; init; } = [];

    public ImmutableArray<WorkloadFacts> Workloads { get; init; } = [];

    public ImmutableArray<EncryptionFacts> Encryption { get; init; } = [];

    /// <summary>The policy results, in the order of the catalog.</summary>
    public ImmutableArray<PolicyResult> Policies { get; init; } = [];

    /// <summary>Warnings of the program, of the settings and of this plan.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Null when the first up takes less than a minute.</summary>
    public FirstUpEstimate? FirstUp { get; init; }

    /// <summary>Null when the cluster needs no such role.</summary>
    public LinkedRole? LinkedRole { get; init; }

    /// <summary>From the start of the program to its end.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <param name="cluster">The model of the graph, read once.</param>
    /// <exception cref="RefusedSettingsException">The settings switch off a policy that does not exist.</exception>
    public static Plan Of(ResourceGraph graph, ClusterModel cluster, StackSettings settings, TimeSpan elapsed)
    {
        var subnets = new SubnetIndex(graph);
        var switches = PolicySettings.Read(settings);
        var plan = new Plan
        {
            Graph = graph,
            Root = ComponentTree.Of(graph),
            Region = settings.Config.GetValueOrDefault("aws:region"),
            Network = NetworkFacts.Of(graph, subnets),
            Clusters = ClusterFacts.Of(graph),
            NodeGroups = NodeGroupFacts.Of(graph, subnets),
            Cluster = cluster,
            Quotas = QuotaFacts.Of(graph),
            Workloads = WorkloadFacts.Of(graph, cluster),
            Encryption = EncryptionFacts.Of(graph.Resources),
            Policies = PolicyCheck.Of(graph, cluster, switches),
            FirstUp = FirstUpEstimate.Of(graph),
            LinkedRole = LinkedRole.Of(graph),
            Elapsed = elapsed,
        };
        return plan with { Warnings = [.. settings.Warnings, .. PlanWarnings.Logged(graph), .. PlanWarnings.Found(plan), .. PolicyCheck.IdlePatterns(plan.Policies, switches)] };
    }
}
